using System.Globalization;
using System.Text;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>What this client writes, the official Java client reads, and the other way round, byte for byte.</summary>
[Collection(RealHBaseCollection.Name)]
public sealed class InteropTests(RealHBase server)
{
    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];

    [Fact]
    public async Task The_official_client_reads_what_every_operation_wrote()
    {
        await using var client = server.Connect();
        var table = await RealHBase.MakeTableAsync(client, "ours", "k", "t");
        var large = new byte[1 << 20];
        new Random(7).NextBytes(large);
        var wide = new Put("wide"u8.ToArray(), 10_000);
        for (var i = 0; i < 10_000; i++) wide.Add("f"u8.ToArray(), HBaseBytes.Utf8($"column {i:d5}"), HBaseBytes.Utf8($"{i}"), 1_000 + i);

        await table.PutAsync(new Put("empty").Add("f"u8.ToArray(), default, default, 5).Add("g"u8.ToArray(), "q"u8.ToArray(), default, 6));
        await table.PutAsync(new Put(EveryByte).Add("f"u8.ToArray(), EveryByte, EveryByte, 7));
        await table.PutAsync(new Put("课程").Add("f"u8.ToArray(), HBaseBytes.Utf8("名"), HBaseBytes.Utf8("Введение, λ, 🎓"), 8));
        await table.PutAsync(new Put("large").Add("f"u8.ToArray(), "q"u8.ToArray(), large, 9));
        await table.PutAsync(wide);
        await table.IncrementAsync(new Increment("counted").Add("f", "n", 40));
        await table.IncrementAsync(new Increment("counted").Add("f", "n", 2));
        await table.PutAsync(new Put("appended").Add("f", "q", "head "));
        await table.AppendAsync(new Append("appended").Add("f"u8.ToArray(), "q"u8.ToArray(), "and tail"u8.ToArray()));
        await table.PutAsync(new Put("deleted").Add("f", "a", "1").Add("f", "b", "2").Add("g", "c", "3"));
        await table.DeleteAsync(new Delete("deleted").Column("f", "a").Family("g"u8.ToArray()));
        await table.PutAsync(new Put("gone").Add("f", "q", "x"));
        await table.DeleteAsync(new Delete("gone"));
        Assert.True(await table.CheckAndMutateAsync(CheckAndMutate.IfAbsent("checked"u8.ToArray(), "f"u8.ToArray(), "q"u8.ToArray()).Then(new Put("checked").Add("f", "q", "won"))));
        Assert.False(await table.CheckAndMutateAsync(CheckAndMutate.IfAbsent("checked"u8.ToArray(), "f"u8.ToArray(), "q"u8.ToArray()).Then(new Put("checked").Add("f", "q", "lost"))));
        await table.MutateRowAsync(new RowMutations("rows"u8.ToArray()).Add(new Put("rows").Add("f", "q", "1")).Add(new Put("rows").Add("g", "q", "2")));
        Assert.All(await table.BatchAsync([new Put("batch a").Add("f", "q", "1"), new Put("zz").Add("f", "q", "2")]), static outcome => Assert.True(outcome.Processed));

        var read = Lines(await server.RunAsync("tool", "scan", "ours"));

        var expected = new List<string>();
        await foreach (var row in table.ScanAsync(new Scan()))
        {
            foreach (var cell in row) expected.Add(Line(cell));
        }

        Assert.Equal(expected, read);
        Assert.Contains("empty\tf:\t5\t", read);
        Assert.Contains("empty\tg:q\t6\t", read);
        Assert.Contains($"{HBaseBytes.ToDisplay(EveryByte)}\tf:{HBaseBytes.ToDisplay(EveryByte)}\t7\t{HBaseBytes.ToDisplay(EveryByte)}", read);
        Assert.Contains($"{Display("课程")}\tf:{Display("名")}\t8\t{Display("Введение, λ, 🎓")}", read);
        Assert.Contains($"large\tf:q\t9\t{HBaseBytes.ToDisplay(large)}", read);
        Assert.Equal(10_000, read.Count(static line => line.StartsWith("wide\t", StringComparison.Ordinal)));
        Assert.Contains("wide\tf:column 09999\t10999\t9999", read);
        Assert.Equal(["\\x00\\x00\\x00\\x00\\x00\\x00\\x00*"], Values(read, "counted"));
        Assert.Equal(["head and tail"], Values(read, "appended"));
        Assert.Equal(["2"], Values(read, "deleted"));
        Assert.Empty(Values(read, "gone"));
        Assert.Equal(["won"], Values(read, "checked"));
        Assert.Equal(["1", "2"], Values(read, "rows"));
    }

    [Fact]
    public async Task This_client_reads_what_the_official_one_wrote()
    {
        await using var client = server.Connect();
        await RealHBase.MakeTableAsync(client, "theirs", "k");
        var text = new string('x', 100_000);
        await server.RunAsync("tool", "put", "theirs", HBaseBytes.ToDisplay(EveryByte), "f:" + HBaseBytes.ToDisplay(EveryByte), HBaseBytes.ToDisplay(EveryByte));
        await server.RunAsync("tool", "put", "theirs", "empty", "g:", "");
        await server.RunAsync("tool", "put", "theirs", Display("课程"), "f:q", Display("🎓"));
        await server.RunAsync("tool", "put", "theirs", "long", "f:q", text);
        await server.RunAsync("tool", "increment", "theirs", "counted", "f:n", "-3");

        var table = client.GetTable("theirs");
        Assert.True((await table.GetAsync(new Get(EveryByte))).TryGetValue("f"u8, EveryByte, out var every));
        Assert.Equal(EveryByte, every.ToArray());
        Assert.True((await table.GetAsync(new Get("empty"))).TryGetValue("g"u8, ""u8, out var empty));
        Assert.Equal(0, empty.Length);
        Assert.True((await table.GetAsync(new Get("课程"))).TryGetValue("f"u8, "q"u8, out var unicode));
        Assert.Equal("🎓", Encoding.UTF8.GetString(unicode.Span));
        Assert.True((await table.GetAsync(new Get("long"))).TryGetValue("f"u8, "q"u8, out var longer));
        Assert.Equal(text, Encoding.UTF8.GetString(longer.Span));
        Assert.True((await table.GetAsync(new Get("counted"))).TryGetValue("f"u8, "n"u8, out var counted));
        Assert.Equal(-3, HBaseBytes.ToInt64(counted.Span));
    }

    [Fact]
    public async Task Scans_with_filters_ranges_and_small_steps_agree_with_each_other()
    {
        await using var client = server.Connect();
        var table = await RealHBase.MakeTableAsync(client, "scans", "k", "t");
        var rows = Enumerable.Range(0, 500).Select(static i => $"{(char)('a' + (i % 26))}{i:d3}").Order(StringComparer.Ordinal).ToList();
        Assert.All(await table.BatchAsync([.. rows.Select(static row => new Put(row).Add("f", "q", row).Add("g", "r", row[..1]))]), static outcome => Assert.True(outcome.Processed));

        Assert.Equal(rows, await KeysAsync(new Scan()));
        Assert.Equal(rows, await KeysAsync(new Scan { ChunkRows = 7 }));
        Assert.Equal(rows, await KeysAsync(new Scan { ChunkBytes = 200 }));
        Assert.Equal(Enumerable.Reverse(rows), await KeysAsync(new Scan { Reversed = true, ChunkRows = 9 }));
        Assert.Equal(rows.Where(static row => row[0] == 'k'), await KeysAsync(Scan.Prefix("k"u8.ToArray())));
        Assert.Equal(rows.Take(33), await KeysAsync(new Scan { Limit = 33, ChunkRows = 10 }));
        Assert.Equal(Enumerable.Reverse(rows).Where(static row => string.CompareOrdinal(row, "t") < 0).Take(5), await KeysAsync(new Scan { Reversed = true, StartRow = "t"u8.ToArray(), Limit = 5 }));
        Assert.Equal(rows.Where(static row => row[0] is 'b' or 'x'), await KeysAsync(new Scan { Filter = HBaseFilter.Any(HBaseFilter.RowPrefix("b"u8.ToArray()), HBaseFilter.ColumnValue("g"u8.ToArray(), "r"u8.ToArray(), CompareOperator.Equal, "x"u8.ToArray())) }));
        Assert.Equal(rows, await KeysAsync(new Scan { Filter = HBaseFilter.All(HBaseFilter.FirstKeyOnly(), HBaseFilter.KeyOnly()) }));

        async Task<List<string>> KeysAsync(Scan scan)
        {
            var keys = new List<string>();
            await foreach (var row in table.ScanAsync(scan)) keys.Add(Encoding.UTF8.GetString(row.Key.Span));
            return keys;
        }
    }

    [Fact]
    public async Task Tables_and_namespaces_are_made_described_altered_and_dropped()
    {
        await using var client = server.Connect();
        var admin = client.Admin;
        if ((await admin.ListNamespacesAsync()).Contains("interop")) await admin.DeleteNamespaceAsync("interop");
        await admin.CreateNamespaceAsync("interop");
        TableName name = "interop:made";
        await admin.CreateTableAsync(new TableDescriptor(name, new ColumnFamilyDescriptor("f") { TimeToLive = TimeSpan.FromDays(7), Compression = "GZ", DataBlockEncoding = "FAST_DIFF", BloomFilter = "ROW" }), [[5], [9]]);

        Assert.Equal(3, (await admin.ListRegionsAsync(name)).Count);
        Assert.Contains(name, await admin.ListTablesAsync());
        Assert.Contains("interop:made", Lines(await server.RunAsync("tool", "tables")));
        var family = (await admin.DescribeTableAsync(name))!.Families.Single();
        Assert.Equal((TimeSpan.FromDays(7), "GZ", "FAST_DIFF", "ROW", 1), (family.TimeToLive!.Value, family.Compression, family.DataBlockEncoding, family.BloomFilter, family.MaxVersions));
        await admin.AlterTableAsync(new TableDescriptor(name, new ColumnFamilyDescriptor("f") { MaxVersions = 3 }, new ColumnFamilyDescriptor("g")));
        Assert.Equal([3, 1], (await admin.DescribeTableAsync(name))!.Families.Select(static known => known.MaxVersions));
        await admin.FlushTableAsync(name);
        Assert.False(await admin.CreateTableIfAbsentAsync(new TableDescriptor(name, new ColumnFamilyDescriptor("f"))));
        Assert.Equal(HBaseFailure.Rejected, (await Assert.ThrowsAsync<HBaseException>(() => admin.DeleteTableAsync(name))).Failure);

        await admin.DisableTableAsync(name);
        Assert.Equal(TableState.Disabled, await admin.GetTableStateAsync(name));
        await admin.DeleteTableAsync(name);
        await admin.DeleteNamespaceAsync("interop");
        Assert.Equal(TableState.Absent, await admin.GetTableStateAsync(name));
        var status = await admin.GetClusterStatusAsync();
        Assert.StartsWith("2.", status.Version, StringComparison.Ordinal);
        Assert.NotEmpty(status.LiveServers);
    }

    private static string Display(string text) => HBaseBytes.ToDisplay(Encoding.UTF8.GetBytes(text));

    private static string Line(HBaseCell cell) => string.Create(
        CultureInfo.InvariantCulture,
        $"{HBaseBytes.ToDisplay(cell.Row.Span)}\t{HBaseBytes.ToDisplay(cell.Family.Span)}:{HBaseBytes.ToDisplay(cell.Qualifier.Span)}\t{cell.Timestamp}\t{HBaseBytes.ToDisplay(cell.Value.Span)}");

    private static List<string> Lines(string output) => [.. output.Split('\n')[..^1]];

    private static List<string> Values(List<string> lines, string row) => [.. lines.Where(line => line.StartsWith(row + "\t", StringComparison.Ordinal)).Select(static line => line.Split('\t')[3])];
}
