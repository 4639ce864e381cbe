using Grains.Storage.HBase;
using Grains.Streams.Storage;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>Snapshots, history and counters in a real HBase.</summary>
[Collection(RealHBaseCollection.Name)]
public sealed class StorageTests(RealHBase server)
{
    [Fact]
    public async Task Snapshots_and_history_keep_their_promises()
    {
        await using var client = server.Connect();
        await using var database = Database("s");
        var snapshots = new HBaseSnapshots(database, "x");
        var history = new HBaseHistory(database, "x");
        var counters = new HBaseCounterTable(database, $"s{Environment.ProcessId}:clicks", "info", "click_count");
        Assert.All(await HBaseStorageCheck.RunAsync(database, default), static finding => Assert.False(finding.IsError, finding.Text));
        await database.EnsureTablesAsync(default);
        Assert.Empty(await HBaseStorageCheck.RunAsync(database, default));

        var first = Enumerable.Range(0, 300).Select(static i => new SnapshotWrite($"key {i}", 0, 1, new byte[] { (byte)i }, null)).ToArray();
        await snapshots.WriteAsync(first, default);
        Assert.All(first, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));
        var second = Enumerable.Range(0, 300).Select(static i => new SnapshotWrite($"key {i}", i % 3, 2, new byte[] { 9 }, null)).ToArray();
        await snapshots.WriteAsync(second, default);
        Assert.All(second, static (write, i) => Assert.Equal(i % 3 == 1 ? WriteOutcome.Won : WriteOutcome.Lost, write.Outcome));
        var reads = first.Select(static write => new SnapshotRead(write.Key)).ToArray();
        await snapshots.ReadAsync(reads, default);
        Assert.All(reads, static (read, i) => Assert.Equal(i % 3 == 1 ? (2L, 2L, (byte)9) : (1L, 1L, (byte)i), (read.Version, read.Writer, read.Payload.Span[0])));
        var scanned = 0;
        await foreach (var row in snapshots.ScanAsync(default)) scanned += row.Version > 0 ? 1 : 0;
        Assert.Equal(300, scanned);

        var window = DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 600;
        foreach (var version in (long[])[3, 1, 2]) await history.WriteAsync(Enumerable.Range(0, 50).Select(i => new HistoryRow("k", window + i, version, new[] { (byte)version })).ToArray(), default);
        var windows = new List<(long, long, byte)>();
        await foreach (var row in history.ScanAsync("k", window + 10, window + 12, default)) windows.Add((row.Window, row.Version, row.Payload.Span[0]));
        Assert.Equal([(window + 10, 3, 3), (window + 11, 3, 3)], windows);

        foreach (var (value, stamp) in ((long, long)[])[(42, 11), (40, 9)]) await counters.WriteAsync(new[] { new CounterRow("20171111_88", value, stamp) }, default);
        var clicks = new List<CounterRow>();
        await foreach (var row in counters.ScanAsync("20171111", default)) clicks.Add(row);
        Assert.Equal([new CounterRow("20171111_88", 42, 11)], clicks);
    }

    [Fact]
    public async Task A_snapshot_larger_than_the_servers_take_in_one_cell_comes_back_whole()
    {
        // 10 MiB is hbase.server.keyvalue.maxsize where nobody has set it, as here.
        const int MaxServerCellBytes = 10 << 20;
        var payload = new byte[(3 * MaxServerCellBytes) + 1];
        new Random(1).NextBytes(payload);
        await using var client = server.Connect();
        var table = await RealHBase.MakeTableAsync(client, "large");
        var refused = await Assert.ThrowsAsync<HBaseException>(async () => await table.PutAsync(new Put("k").Add("f"u8.ToArray(), "q"u8.ToArray(), payload.AsMemory(0, MaxServerCellBytes))));
        Assert.Equal(HBaseFailure.Rejected, refused.Failure);
        await using var database = Database("large");
        var snapshots = new HBaseSnapshots(database, "x");

        foreach (var (length, version) in ((int, int)[])[(MaxServerCellBytes, 0), (payload.Length, 1), (100, 2), (MaxServerCellBytes + 1, 3)])
        {
            var write = new[] { new SnapshotWrite("k", version, 7, payload.AsMemory(0, length), null), new SnapshotWrite($"beside {version}", 0, 7, payload.AsMemory(0, 10), null) };
            await snapshots.WriteAsync(write, default);
            Assert.All(write, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));
            var read = new[] { new SnapshotRead("k"), new SnapshotRead($"beside {version}") };
            await snapshots.ReadAsync(read, default);

            Assert.Equal((version + 1L, 7L), (read[0].Version, read[0].Writer));
            Assert.True(payload.AsSpan(0, length).SequenceEqual(read[0].Payload.Span), $"{length} bytes came back as others");
            Assert.Equal(10, read[1].Payload.Length);
        }

        var scanned = new List<SnapshotRow>();
        await foreach (var row in snapshots.ScanAsync(default)) scanned.Add(row);
        Assert.Equal(["beside 0", "beside 1", "beside 2", "beside 3", "k"], scanned.Select(static row => row.Key).Order(StringComparer.Ordinal));
        Assert.Equal(MaxServerCellBytes + 1, scanned.Single(static row => row.Key == "k").Payload.Length);
    }

    [Fact]
    public async Task A_snapshot_that_the_servers_refuse_comes_back_with_why_and_what_to_do_and_its_neighbour_is_written()
    {
        await using var database = Database("refused", maxCellBytes: 12 << 20);
        var snapshots = new HBaseSnapshots(database, "x");
        var writes = new[] { new SnapshotWrite("k", 0, 7, new byte[11 << 20], null), new SnapshotWrite("beside", 0, 7, new byte[10], null) };

        await snapshots.WriteAsync(writes, default);

        Assert.Equal((WriteOutcome.NotWritten, WriteOutcome.Won), (writes[0].Outcome, writes[1].Outcome));
        Assert.StartsWith("Snapshot 'k' could not be written: ", writes[0].Refusal, StringComparison.Ordinal);
        Assert.Contains("exceeds limit of 10485760 bytes", writes[0].Refusal, StringComparison.Ordinal);
        Assert.EndsWith("Write smaller cells, or raise hbase.server.keyvalue.maxsize at the servers.", writes[0].Refusal, StringComparison.Ordinal);
        Assert.Null(writes[1].Refusal);
    }

    private HBaseDatabase Database(string name, int maxCellBytes = 8 << 20) => new(new HBaseStorageOptions
    {
        MaxCellBytes = maxCellBytes,
        Client = new HBaseClientOptions { Masters = server.Masters! },
        Namespace = $"{name}{Environment.ProcessId}",
        Regions = 4,
        HistoryBuckets = 4,
        HistoryTimeToLive = TimeSpan.FromDays(3650),
    });
}
