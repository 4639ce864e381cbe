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
        await using var database = new HBaseDatabase(new HBaseStorageOptions { Client = new HBaseClientOptions { Masters = server.Masters! }, Namespace = $"s{Environment.ProcessId}", Regions = 4, HistoryBuckets = 4, HistoryTimeToLive = TimeSpan.FromDays(3650) });
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
}
