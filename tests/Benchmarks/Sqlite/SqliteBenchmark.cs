using System.Diagnostics;
using Grains.Storage.Sqlite;
using Grains.Streams.Storage;

namespace Grains.Benchmarks.Sqlite;

/// <summary>CPU of the process and wall time for a row of SQLite: snapshots of 150 bytes, history rows of 80, in batches of 1,000 and 100,000, and reads of known and unknown keys.</summary>
internal static class SqliteBenchmark
{
    private const int Keys = 100_000;

    public static async Task RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("grains-sqlite-");
        await using (var database = SqliteDatabase.Open(new SqliteOptions { Path = Path.Combine(directory.FullName, "bench.db") }))
        {
            await SnapshotsAsync(database);
            await HistoryAsync(database);
        }

        directory.Delete(recursive: true);
    }

    private static async Task SnapshotsAsync(SqliteDatabase database)
    {
        var snapshots = new SqliteSnapshots(database, "bench");
        var writes = new SnapshotWrite[Keys];
        var payload = new byte[150];
        new Random(1).NextBytes(payload);
        var names = Enumerable.Range(0, Keys).Select(i => $"course-{i * 7919 % Keys}").ToArray();
        await MeasureAsync("read, never stored, empty", Keys, () => ReadAsync(snapshots, names));
        for (var i = 0; i < Keys; i++) writes[i] = new SnapshotWrite(names[i], 0, 1, payload, null);
        await MeasureAsync("snapshot, first write, 100,000 a batch", Keys, () => snapshots.WriteAsync(writes, default));
        Shuffle(writes);
        foreach (var (size, isSorted) in new[] { (100_000, false), (1_000, false), (100_000, false), (1_000, false), (1_000, true), (1_000, true) })
        {
            if (isSorted) Array.Sort(writes, (a, b) => ((long)a.Tag!).CompareTo((long)b.Tag!));
            for (var i = 0; i < Keys; i++) writes[i] = new SnapshotWrite(writes[i].Key, writes[i].ExpectedVersion + 1, 1, payload, writes[i].Tag);
            await MeasureAsync($"snapshot, next write, {size:N0} a batch, {(isSorted ? "neighbours" : "scattered")}", Keys, async () =>
            {
                for (var at = 0; at < Keys; at += size) await snapshots.WriteAsync(writes.AsMemory(at, size), default);
            });
            if (writes.Any(write => write.Outcome != WriteOutcome.Won)) throw new InvalidOperationException("A write of the benchmark did not win.");
        }

        await MeasureAsync("read, stored", Keys, () => ReadAsync(snapshots, names));
        await MeasureAsync("read, stored", Keys, () => ReadAsync(snapshots, names));
        await MeasureAsync("read, never stored", Keys, () => ReadAsync(snapshots, [.. names.Select(name => name + "x")]));
    }

    private static async Task HistoryAsync(SqliteDatabase database)
    {
        var history = new SqliteHistory(database, "bench");
        var payload = new byte[80];
        var rows = new HistoryRow[Keys];
        for (var window = 0L; window < 8; window++)
        {
            var size = window % 2 == 0 ? 100_000 : 1_000;
            var step = window % 4 < 2 ? 31L : 7919L;
            for (var i = 0; i < Keys; i++) rows[i] = new HistoryRow($"course-{i * step % Keys}", window, 1, payload);
            await MeasureAsync($"history, {size:N0} a batch, {(step == 31 ? "scattered" : "in the order of first writes")}", Keys, async () =>
            {
                for (var at = 0; at < Keys; at += size) await history.WriteAsync(rows.AsMemory(at, size), default);
            });
        }

        for (var window = 8L; window < 1_100; window++)
        {
            for (var i = 0; i < 1_000; i++) rows[i] = new HistoryRow($"course-{i * 97}", window, 1, payload);
            await history.WriteAsync(rows.AsMemory(0, 1_000), default);
        }

        foreach (var windows in new[] { 144, 144, 1_008, 1_008 }) await MeasureAsync($"history, scan of {windows} windows of one key", 1, () => ScanAsync(history, $"course-{97 * (windows % 1_000)}", windows));
    }

    private static async ValueTask ReadAsync(SqliteSnapshots snapshots, string[] names)
    {
        var reads = Array.ConvertAll(names, name => new SnapshotRead(name));
        await snapshots.ReadAsync(reads, default);
    }

    private static async ValueTask ScanAsync(SqliteHistory history, string key, int windows)
    {
        var count = 0;
        await foreach (var row in history.ScanAsync(key, 50, 50 + windows, default)) count++;
        if (count != windows) throw new InvalidOperationException($"{count} windows of {key}, not {windows}.");
    }

    private static void Shuffle(SnapshotWrite[] writes) => new Random(2).Shuffle(writes);

    private static async Task MeasureAsync(string what, int rows, Func<ValueTask> work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var garbage = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        await work();
        clock.Stop();
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine($"{what,-50} {cpu.TotalMicroseconds / rows,8:F2} µs CPU {clock.Elapsed.TotalMicroseconds / rows,8:F2} µs wall {(GC.GetTotalAllocatedBytes() - garbage) / rows,8:N0} B garbage, a row");
    }
}
