using HBase.Client;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>Names, endpoints and conversions.</summary>
public sealed class TableNameTests
{
    [Theory]
    [InlineData("t", "default", "t", "t")]
    [InlineData("default:t", "default", "t", "t")]
    [InlineData("ns:t-1.x_y", "ns", "t-1.x_y", "ns:t-1.x_y")]
    public void A_name_is_read_and_shown_as_HBase_does(string text, string space, string qualifier, string shown)
    {
        var name = TableName.Parse(text);

        Assert.Equal((space, qualifier, shown), (name.Namespace, name.Qualifier, name.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":t")]
    [InlineData("a:b:c")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData(null)]
    public void What_is_not_a_name_is_refused(string? text) => Assert.False(TableName.TryParse(text, out _));

    [Theory]
    [InlineData("h", "h:16000")]
    [InlineData(" h:1 ", "h:1")]
    [InlineData("[::1]:9", "[::1]:9")]
    [InlineData("[::1]", "[::1]:16000")]
    public void An_endpoint_is_read_with_and_without_a_port(string text, string shown)
    {
        Assert.True(HBaseEndpoint.TryParse(text, 16000, out var endpoint));
        Assert.Equal(shown, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("h:")]
    [InlineData("h:0")]
    [InlineData("h:65536")]
    [InlineData("h:x")]
    public void What_is_not_an_endpoint_is_refused(string text) => Assert.False(HBaseEndpoint.TryParse(text, 16000, out _));

    [Fact]
    public void Bytes_are_shown_as_the_shell_shows_them() => Assert.Equal("a\\x00\\xFF\\x5C~", HBaseBytes.ToDisplay([(byte)'a', 0, 255, (byte)'\\', (byte)'~']));

    [Fact]
    public void The_end_of_a_prefix_is_the_first_key_behind_it()
    {
        Assert.Equal([1, 3], HBaseBytes.PrefixEnd([1, 2]));
        Assert.Equal([2], HBaseBytes.PrefixEnd([1, 255, 255]));
        Assert.Empty(HBaseBytes.PrefixEnd([255, 255]));
        Assert.Empty(HBaseBytes.PrefixEnd([]));
    }

    [Fact]
    public void Only_eight_bytes_are_a_number()
    {
        Assert.Equal(-2, HBaseBytes.ToInt64(HBaseBytes.Int64(-2)));
        Assert.Throws<ArgumentException>(static () => HBaseBytes.ToInt64([1, 2]));
    }
}
