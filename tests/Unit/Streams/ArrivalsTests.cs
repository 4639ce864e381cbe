using System.Text;
using Grains.Streams.Pumps;
using Xunit;

namespace Grains.Tests.Unit.Streams;

/// <summary>The events whose keys a pump is about to look for.</summary>
public sealed class ArrivalsTests
{
    [Fact]
    public void Keys_of_any_length_stay_as_they_came_until_they_are_cleared()
    {
        var arrivals = new Arrivals<int>();
        for (var round = 0; round < 3; round++)
        {
            var keys = Enumerable.Range(0, Arrivals<int>.Room).Select(number => new string((char)('a' + number), (number * 37 * (round + 1)) % 400)).ToList();
            foreach (var (number, key) in keys.Index())
            {
                Assert.False(arrivals.IsFull);
                var bytes = Encoding.UTF8.GetBytes(key);
                arrivals.Add(bytes, (ulong)number, position: 100 + number, taken: -number);
                // The record that the key stood in is gone by the time it is looked for.
                Array.Clear(bytes);
            }

            Assert.True(arrivals.IsFull);
            foreach (var (number, key) in keys.Index())
            {
                Assert.Equal(key, Encoding.UTF8.GetString(arrivals.KeyOf(number)));
                Assert.Equal(((ulong)number, 100L + number, -number), (arrivals[number].Hash, arrivals[number].Position, arrivals[number].Event));
            }

            arrivals.Clear();
        }
    }
}
