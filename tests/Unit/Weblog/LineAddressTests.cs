using System.Text;
using Grains.Weblog.Lines;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class LineAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("8.8.4.4", 0x08080404u)]
    [InlineData("203.0.113.255", 0xCB0071FFu)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    public void Dotted_address_is_its_number(string text, uint number)
    {
        Assert.Equal(AddressKind.V4, LineAddress.Read(Encoding.ASCII.GetBytes(text), out var v4));
        Assert.Equal(number, v4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8.8.8")]
    [InlineData("8.8.8.8.8")]
    [InlineData("8.8.8.8.")]
    [InlineData(".8.8.8.8")]
    [InlineData("8..8.8.8")]
    [InlineData("8.256.8.8")]
    [InlineData("8.8.8.256")]
    [InlineData("8.0008.8.8")]
    [InlineData("8.8.8.0008")]
    [InlineData("4294967304.8.8")]
    [InlineData("8.8.8,8")]
    [InlineData("<script>")]
    [InlineData("caf\u00e9.example")]
    public void Neither_an_address_nor_a_name_is_bad(string text) => Assert.Equal(AddressKind.Bad, LineAddress.Read(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("-", AddressKind.Name)]
    [InlineData("localhost", AddressKind.Name)]
    [InlineData("crawl-66-249.example.net", AddressKind.Name)]
    [InlineData("2001:db8::1", AddressKind.V6)]
    public void Name_and_long_address_are_told_apart(string text, object kind) => Assert.Equal(kind, LineAddress.Read(Encoding.ASCII.GetBytes(text), out _));
}
