using System.Diagnostics;
using System.Globalization;
using Grains.Storage.Postgres;
using Grains.Streams.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Grains.Benchmarks.Postgres;

/// <summary>Rows a second of PostgreSQL, and CPU of this process and of the server's processes on this machine for each: snapshots of 150 bytes, history rows of 80, 20,000 a batch, at several numbers of calls under way.</summary>
/// <remarks>On an empty database; keys are new in each round. The server's CPU is that of all processes called postgres; what a connection's process took is lost with it.</remarks>
internal static class PostgresBenchmark
{
    private const int Keys = 20_000;

    public static async Task RunAsync(string connection, int[] callsUnderWay)
    {
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        foreach (var calls in callsUnderWay)
        {
            await using var database = new PostgresDatabase(new PostgresOptions { ConnectionString = connection, MaxConcurrentCalls = calls }, services);
            await database.EnsureSchemaAsync(default);
            await RoundAsync(database, calls);
        }
    }

    private static async Task RoundAsync(PostgresDatabase database, int calls)
    {
        var name = $"bench{calls}-{Stopwatch.GetTimestamp()}";
        var snapshots = new PostgresSnapshots(database, name);
        var history = new PostgresHistory(database, name);
        var payload = new byte[150];
        new Random(1).NextBytes(payload);
        var writes = Enumerable.Range(0, Keys).Select(i => new SnapshotWrite($"course-{i * 7919 % Keys}", 0, 1, payload, null)).ToArray();
        await MeasureAsync($"{calls} calls: snapshot, first write", Keys, () => snapshots.WriteAsync(writes, default));
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < Keys; i++) writes[i] = new SnapshotWrite(writes[i].Key, writes[i].ExpectedVersion + 1, 1, payload, writes[i].Tag);
            await MeasureAsync($"{calls} calls: snapshot, next write", Keys, () => snapshots.WriteAsync(writes, default));
            if (writes.Any(static write => write.Outcome != WriteOutcome.Won)) throw new InvalidOperationException("A write of the benchmark did not win.");
        }

        var reads = Array.ConvertAll(writes, static write => new SnapshotRead(write.Key));
        await MeasureAsync($"{calls} calls: read", Keys, () => snapshots.ReadAsync(reads, default));
        var rows = Array.ConvertAll(writes, static write => new HistoryRow(write.Key, 1, 1, new byte[80]));
        await MeasureAsync($"{calls} calls: history, first write", Keys, () => history.WriteAsync(rows, default));
        await MeasureAsync($"{calls} calls: history, again", Keys, () => history.WriteAsync(rows, default));
        await MeasureAsync("list all snapshots", Keys, async () =>
        {
            if (await snapshots.ScanAsync(default).CountAsync() != Keys) throw new InvalidOperationException("A row of the benchmark is missing.");
        });
    }

    private static async Task MeasureAsync(string what, int rows, Func<ValueTask> work)
    {
        var (cpu, server, garbage) = (Environment.CpuUsage.TotalTime, ServerTime(), GC.GetTotalAllocatedBytes());
        var clock = Stopwatch.StartNew();
        await work();
        clock.Stop();
        (cpu, server) = (Environment.CpuUsage.TotalTime - cpu, ServerTime() - server);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-40} {rows / clock.Elapsed.TotalSeconds,9:N0} rows/s {cpu.TotalMicroseconds / rows,7:F1} µs CPU here {server.TotalMicroseconds / rows,7:F1} µs CPU server {(GC.GetTotalAllocatedBytes() - garbage) / rows,7:N0} B garbage, a row"));
    }

    private static TimeSpan ServerTime()
    {
        var total = TimeSpan.Zero;
        foreach (var process in Process.GetProcesses())
        {
            using (process) if (process.ProcessName.StartsWith("postgres", StringComparison.Ordinal)) total += process.TotalProcessorTime;
        }

        return total;
    }
}
