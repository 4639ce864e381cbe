using System.Text;
using Grains.Streams.Pumps;
using Xunit;

namespace Grains.Tests.Unit.Streams;

/// <summary>The table by which a pump knows its keys.</summary>
public sealed class KeyTableTests
{
    private readonly KeyTable<string> _table = new(static (value, key) => Encoding.UTF8.GetString(key) == value);

    [Fact]
    public void Each_of_many_keys_short_and_long_is_found_and_no_other()
    {
        var keys = Enumerable.Range(0, 20_000).SelectMany(number => new[] { $"{number}", $"course-{number}", new string('x', number % 300) + number }).Distinct().ToList();
        foreach (var key in keys)
        {
            Assert.Null(Find(key));
            Add(key);
        }

        Assert.Equal(keys.Count, _table.Count);
        Assert.All(keys, key => Assert.Same(key, Find(key)));
    }

    [Theory]
    [InlineData("", "\0")]
    [InlineData("a", "a\0")]
    [InlineData("\0a", "a")]
    [InlineData("aaaaaa", "aaaaaaa")]
    [InlineData("aaaaaaa", "aaaaaaaa")]
    public void Keys_that_differ_in_length_alone_are_two(string one, string other)
    {
        Add(one);
        Assert.Null(Find(other));
        Add(other);
        Assert.Equal((one, other), (Find(one), Find(other)));
    }

    [Fact]
    public void What_is_not_kept_is_gone_and_the_rest_is_found()
    {
        var keys = Enumerable.Range(0, 10_000).Select(number => $"{number}").ToList();
        keys.ForEach(Add);

        _table.Keep(key => key.EndsWith('7'));

        Assert.Equal(1_000, _table.Count);
        Assert.All(keys, key => Assert.Equal(key.EndsWith('7') ? key : null, Find(key)));
    }

    private void Add(string key) => _table.Add(Encoding.UTF8.GetBytes(key), key);

    private string? Find(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return _table.Find(_table.HashOf(bytes), bytes);
    }
}
