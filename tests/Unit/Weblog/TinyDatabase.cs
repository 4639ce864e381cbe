using System.Net;
using System.Text;

namespace Grains.Tests.Unit.Weblog;

/// <summary>Writes an address database in MaxMind's format (https://maxmind.github.io/MaxMind-DB/) with a few networks.</summary>
internal static class TinyDatabase
{
    /// <param name="ipVersion">4, or 6: IPv4 networks then stand below ::/96.</param>
    /// <param name="isNested">Whether a record is <c>country.iso_code</c>, as in GeoLite2, or <c>country_code</c>.</param>
    /// <param name="networks">Network and country; a network contains no other.</param>
    public static byte[] Write(int ipVersion, bool isNested, params (string Network, string Country)[] networks)
    {
        var data = new List<byte>();
        var records = new List<int>();
        foreach (var (_, country) in networks)
        {
            records.Add(data.Count);
            data.AddRange(isNested ? [.. Map(1), .. Text("country"), .. Map(1), .. Text("iso_code"), .. Text(country)] : [.. Map(1), .. Text("country_code"), .. Text(country)]);
        }

        // A node is two records of 32 bits; 0 is the root, -1 leads nowhere, -2 - n to record n.
        var nodes = new List<int[]> { new[] { -1, -1 } };
        for (var n = 0; n < networks.Length; n++) Add(nodes, Bits(networks[n].Network, ipVersion), -2 - n);

        var file = new List<byte>();
        foreach (var record in nodes.SelectMany(node => node)) file.AddRange(BigEndian(record == -1 ? nodes.Count : record < 0 ? nodes.Count + 16 + records[-2 - record] : record));
        file.AddRange(new byte[16]);
        file.AddRange(data);
        file.AddRange([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        file.AddRange([
            .. Map(6), .. Text("binary_format_major_version"), .. Number16(2), .. Text("binary_format_minor_version"), .. Number16(0), .. Text("ip_version"), .. Number16(ipVersion),
            .. Text("record_size"), .. Number16(32), .. Text("node_count"), 0xC4, .. BigEndian(nodes.Count), .. Text("database_type"), .. Text("Tiny")]);
        return [.. file];
    }

    private static void Add(List<int[]> nodes, List<int> bits, int record)
    {
        var node = 0;
        for (var i = 0; i < bits.Count - 1; i++)
        {
            if (nodes[node][bits[i]] == -1)
            {
                nodes.Add([-1, -1]);
                nodes[node][bits[i]] = nodes.Count - 1;
            }

            node = nodes[node][bits[i]];
        }

        nodes[node][bits[^1]] = record;
    }

    private static List<int> Bits(string network, int ipVersion)
    {
        var parts = network.Split('/');
        var address = IPAddress.Parse(parts[0]).GetAddressBytes();
        var bits = address.SelectMany(b => Enumerable.Range(0, 8).Select(i => (b >> (7 - i)) & 1)).Take(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        return ipVersion == 6 && address.Length == 4 ? [.. Enumerable.Repeat(0, 96), .. bits] : [.. bits];
    }

    private static byte[] Map(int size) => [(byte)(0xE0 | size)];

    private static byte[] Text(string text) => [(byte)(0x40 | text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number16(int number) => [0xA2, (byte)(number >> 8), (byte)number];

    private static byte[] BigEndian(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
