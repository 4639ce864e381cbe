using System.Net;
using Grains.Abstractions;
using Grains.Weblog.Regions;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class RegionLookupTests
{
    [Fact]
    public void Region_is_that_of_the_ranges_at_each_of_their_ends_and_beside_them()
    {
        var ranges = new CountryRanges(Shared.Path("bench/data/geo.csv"));
        var vocabulary = new CourseVocabulary();
        using var lookup = RegionLookup.Load(Shared.Path("bench/data/geo.mmdb"), vocabulary.Regions);

        // Twice: what is learned must be what is asked for afterwards.
        for (var round = 0; round < 2; round++)
        {
            var wrong = ranges.Edges().FirstOrDefault(address => !Agrees(ranges.Country(address), vocabulary.Regions[lookup.Find(address)], address));
            Assert.True(wrong == 0, $"round {round}: {wrong} is {vocabulary.Regions[lookup.Find(wrong)]}, not {ranges.Country(wrong)}");
        }

        static bool Agrees(string country, string region, uint address) => region == country || (region == "LAN" && country == "ZZ" && address >> 24 is 10 or 127 or 172 or 192 or 169);
    }

    [Theory]
    [InlineData("10.0.0.0", "LAN")]
    [InlineData("10.255.255.255", "LAN")]
    [InlineData("172.15.255.255", "ZZ or a country")]
    [InlineData("172.16.0.0", "LAN")]
    [InlineData("172.31.255.255", "LAN")]
    [InlineData("172.32.0.0", "ZZ or a country")]
    [InlineData("192.168.0.1", "LAN")]
    [InlineData("169.254.1.1", "LAN")]
    [InlineData("127.0.0.1", "LAN")]
    [InlineData("0.0.0.0", "ZZ")]
    [InlineData("240.0.0.1", "ZZ")]
    [InlineData("255.255.255.255", "ZZ")]
    public void Private_address_is_the_lan_and_one_of_no_range_is_nowhere(string address, string region)
    {
        var vocabulary = new CourseVocabulary();
        using var lookup = RegionLookup.Load(TestParsers.RegionDatabase(), vocabulary.Regions);
        // Neighbours first, so that what was learned of them is at hand.
        foreach (var neighbour in (string[])["11.0.0.1", "9.255.255.255", "172.15.0.1", "172.33.0.1", "192.167.1.1", "192.169.1.1", "239.0.0.1"]) lookup.Find(IPAddress.Parse(neighbour));

        var found = vocabulary.Regions[lookup.Find(IPAddress.Parse(address))];

        if (region.Contains(" or ", StringComparison.Ordinal)) Assert.NotEqual("LAN", found);
        else Assert.Equal(region, found);
    }

    [Fact]
    public void Many_threads_learn_the_same()
    {
        var vocabulary = new CourseVocabulary();
        using var alone = RegionLookup.Load(Shared.Path("bench/data/geo.mmdb"), vocabulary.Regions);
        using var shared = RegionLookup.Load(Shared.Path("bench/data/geo.mmdb"), vocabulary.Regions);
        var random = new Random(17);
        var addresses = Enumerable.Range(0, 200_000).Select(_ => (uint)random.NextInt64(1L << 32)).ToArray();

        Parallel.For(0, 4, _ =>
        {
            foreach (var address in addresses) shared.Find(address);
        });

        Assert.All(addresses, address => Assert.Equal(alone.Find(address), shared.Find(address)));
    }
}
