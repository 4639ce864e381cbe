using System.Text;
using CsCheck;
using Grains.Weblog;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class ByteCacheTests
{
    [Fact]
    public void What_it_answers_is_what_it_was_told()
    {
        Gen.Int[0, 300].Array[0, 2_000].Sample(keys =>
        {
            var cache = new ByteCache(64);
            foreach (var key in keys)
            {
                var bytes = Encoding.ASCII.GetBytes("key " + key);
                if (cache.TryGet(bytes, out var value)) Assert.Equal(key, value);
                else cache.Add(bytes, (ushort)key);

                Assert.True(cache.TryGet(bytes, out value));
                Assert.Equal(key, value);
            }
        });
    }

    [Fact]
    public void What_is_asked_for_often_outlives_a_flood_that_is_forgotten()
    {
        var cache = new ByteCache(100);
        cache.Add("often"u8, 7);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add(Encoding.ASCII.GetBytes("once " + i), 1);
            if (i % 40 == 0) Assert.True(cache.TryGet("often"u8, out _), $"forgotten at {i}");
        }

        var remembered = Enumerable.Range(0, 10_000).Count(i => cache.TryGet(Encoding.ASCII.GetBytes("once " + i), out _));
        Assert.InRange(remembered, 1, 100);
    }

    [Fact]
    public void Empty_key_is_a_key()
    {
        var cache = new ByteCache(2);
        Assert.False(cache.TryGet([], out _));
        cache.Add([], 5);
        Assert.True(cache.TryGet([], out var value));
        Assert.Equal(5, value);
    }
}
