using System.Diagnostics;
using HBase.Client;

namespace Grains.Testing.HBase.Faults;

/// <summary>Faults of HBase, one after the other, under a constant load of conditional writes and while regions move and split; at the end the history is compared with what is stored.</summary>
/// <param name="hbase">The servers, at least two of them for regions.</param>
/// <param name="seed">Of everything that is drawn.</param>
/// <param name="report">Gets a line for each fault.</param>
public sealed class FaultCampaign(LocalHBase hbase, int seed, Action<string> report)
{
    private const int Rows = 64;
    private const int Writers = 16;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MovePause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RevivePause = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(seed);

    /// <summary>Makes the faults happen in the order given.</summary>
    /// <exception cref="TimeoutException">Writers did not recover from one.</exception>
    public async Task<FaultReport> RunAsync(IEnumerable<HBaseFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        await using var client = new HBaseClient(hbase.Masters);
        TableName table = "faults";
        await client.Admin.CreateTableAsync(new TableDescriptor(table, new ColumnFamilyDescriptor("f")), [ConditionalWriteLoad.Key(Rows / 3), ConditionalWriteLoad.Key(2 * Rows / 3)]);
        var load = new ConditionalWriteLoad(client.GetTable(table), Rows, Writers, seed);
        await load.RecoveredAsync(load.Mark(), Limit);
        var regions = new RestlessRegions(client, table, static random => ConditionalWriteLoad.Key(random.Next(1, Rows)), seed, MovePause);
        var times = new List<(HBaseFault, FaultTimes)>();
        foreach (var fault in faults)
        {
            times.Add((fault, await RunAsync(load, fault)));
            report($"{fault.Name}: first write {times[^1].Item2.FirstWrite.TotalSeconds:0.00} s, every row {times[^1].Item2.EveryRow.TotalSeconds:0.00} s, longest gap of a writer {times[^1].Item2.LongestGap.TotalSeconds:0.00} s, fault over after {times[^1].Item2.Healed.TotalSeconds:0.0} s; {load.History.Acknowledged} acknowledged, {load.History.Unknown} unknown");
            await Task.Delay(Settle, TimeProvider.System);
        }

        await regions.EndAsync();
        var contradictions = await load.EndAsync();
        return new FaultReport(times, load.History.Acknowledged, load.History.Unknown, load.GivenUp, regions.Moves, regions.Splits, contradictions);
    }

    /// <summary>Revives servers until all live: one that was taken for dead ends by itself some time after it wakes.</summary>
    /// <exception cref="TimeoutException">They do not come back.</exception>
    public static async Task EveryServerIsBackAsync(LocalHBase hbase, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(hbase);
        await using var client = new HBaseClient(hbase.Masters);
        var began = Stopwatch.GetTimestamp();
        while ((await client.Admin.GetClusterStatusAsync()).LiveServers.Count < hbase.RegionServers)
        {
            if (Stopwatch.GetElapsedTime(began) > limit) throw new TimeoutException($"Not all region servers live after {limit.TotalSeconds:0} s.");

            for (var i = 1; i <= hbase.RegionServers; i++) await hbase.RunAsync("revive", $"rs-{i}");
            await Task.Delay(RevivePause, TimeProvider.System);
        }
    }

    private async Task<FaultTimes> RunAsync(ConditionalWriteLoad load, HBaseFault fault)
    {
        var victim = $"rs-{_random.Next(hbase.RegionServers) + 1}";
        await fault.Inject(hbase, victim);
        var mark = load.Mark();
        var recovering = load.RecoveredAsync(mark, Limit);
        if (fault.Lasts is { } lasts) await Task.Delay(lasts, TimeProvider.System);
        else await recovering;
        await fault.Heal(hbase, victim);
        var healed = Stopwatch.GetElapsedTime(mark);
        var times = await recovering;
        await EveryServerIsBackAsync(hbase, Limit);

        // Coming back must not hurt either.
        await load.RecoveredAsync(Stopwatch.GetTimestamp(), Limit);
        times = times with { LongestGap = load.LongestGap, Healed = healed };
        return times;
    }
}
