using System.Net;
using Grains.Abstractions;
using Grains.Testing;
using Grains.Weblog.Regions;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class RegionLookupTests
{
    [Fact]
    public void Region_is_that_of_the_ranges_at_each_of_their_ends_and_beside_them()
    {
        var ranges = new CountryRanges(BesideRepository.Shared("bench/data/geo.csv"));
        var vocabulary = new CourseVocabulary();
        using var lookup = RegionLookup.Load(BesideRepository.Shared("bench/data/geo.mmdb"), vocabulary.Regions);

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

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    public void Country_is_read_from_flat_and_nested_records_and_from_networks_of_any_length(int ipVersion, bool isNested)
    {
        var networks = new List<(string, string)> { ("1.0.0.0/8", "AU"), ("2.2.0.0/17", "FR"), ("2.2.128.0/24", "DE"), ("2.2.129.0/25", "IT"), ("2.2.129.128/32", "ES"), ("2.3.0.0/16", "PT") };
        if (ipVersion == 6) networks.AddRange([("2400:4050::/32", "JP"), ("2a02:810d:0:1::/64", "DE")]);
        using var lookup = Open(TinyDatabase.Write(ipVersion, isNested, [.. networks]), out var vocabulary);

        // Twice, first asked, then learned.
        for (var round = 0; round < 2; round++)
        {
            foreach (var (address, region) in ((string, string)[])
            [
                ("1.0.0.0", "AU"), ("1.255.255.255", "AU"), ("2.2.0.0", "FR"), ("2.2.127.255", "FR"), ("2.2.128.77", "DE"), ("2.2.129.0", "IT"), ("2.2.129.127", "IT"), ("2.2.129.128", "ES"),
                ("2.2.129.129", "ZZ"), ("2.2.130.0", "ZZ"), ("2.3.4.5", "PT"), ("2.4.0.0", "ZZ"), ("0.0.0.0", "ZZ"), ("10.1.2.3", "LAN"), ("172.16.0.1", "LAN"), ("172.32.0.1", "ZZ"), ("192.168.0.1", "LAN"),
                ("2400:4050:1::1", ipVersion == 6 ? "JP" : "ZZ"), ("2400:4051::1", "ZZ"), ("2a02:810d:0:1:ffff::", ipVersion == 6 ? "DE" : "ZZ"), ("2a02:810d:0:2::", "ZZ"), ("fe80::1", "LAN"), ("fd00::1", "LAN"), ("::1", "LAN"),
            ])
            {
                Assert.True(region == vocabulary.Regions[lookup.Find(IPAddress.Parse(address))], $"{address} is {vocabulary.Regions[lookup.Find(IPAddress.Parse(address))]}, not {region}");
            }
        }
    }

    [Fact]
    public void More_split_networks_than_are_kept_are_asked_for_each_time()
    {
        // 6,000 networks of 256 addresses, the upper half of each in a country, the lower half in none.
        var networks = Enumerable.Range(0, 6_000).Select(i => ($"{20 + (i >> 8)}.7.{i & 255}.128/25", "SE")).ToArray();
        using var lookup = Open(TinyDatabase.Write(4, false, networks), out var vocabulary);

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0u; i < 6_000; i++)
            {
                var network = ((20 + (i >> 8)) << 24) | (7 << 16) | ((i & 255) << 8);
                Assert.Equal("SE", vocabulary.Regions[lookup.Find(network + 128)]);
                Assert.Equal("ZZ", vocabulary.Regions[lookup.Find(network + 127)]);
            }
        }
    }

    [Fact]
    public void Many_threads_learn_the_same()
    {
        var vocabulary = new CourseVocabulary();
        using var alone = RegionLookup.Load(BesideRepository.Shared("bench/data/geo.mmdb"), vocabulary.Regions);
        using var shared = RegionLookup.Load(BesideRepository.Shared("bench/data/geo.mmdb"), vocabulary.Regions);
        var random = new Random(17);
        var addresses = Enumerable.Range(0, 200_000).Select(_ => (uint)random.NextInt64(1L << 32)).ToArray();

        Parallel.For(0, 4, _ =>
        {
            foreach (var address in addresses) shared.Find(address);
        });

        Assert.All(addresses, address => Assert.Equal(alone.Find(address), shared.Find(address)));
    }

    private static RegionLookup Open(byte[] database, out CourseVocabulary vocabulary)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, database);
            vocabulary = new();
            return RegionLookup.Load(file, vocabulary.Regions);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
