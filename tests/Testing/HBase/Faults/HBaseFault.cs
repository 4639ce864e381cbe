using System.Diagnostics;
using HBase.Client;

namespace Grains.Testing.HBase.Faults;

/// <summary>Something that happens to an HBase while it is written to.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Inject">Makes it happen; times count from its end.</param>
/// <param name="Heal">Ends it. By then writers may have recovered by themselves, and must afterwards.</param>
/// <param name="Lasts">How long until it is healed; null: until every row can be written again without that.</param>
public sealed record HBaseFault(string Name, Func<LocalHBase, string, Task> Inject, Func<LocalHBase, string, Task> Heal, TimeSpan? Lasts)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Nothing but moves and splits, which go on through all the others too.</summary>
    public static HBaseFault MovesAndSplits(TimeSpan lasts) => new("regions move and split", static (_, _) => Task.CompletedTask, static (_, _) => Task.CompletedTask, lasts);

    /// <summary>A region server is killed, and started again when the other has taken its regions.</summary>
    public static HBaseFault RegionServerKilled { get; } =
        new("region server killed", static (hbase, victim) => hbase.RunAsync("kill", victim), static (hbase, victim) => hbase.RunAsync("revive", victim), null);

    /// <summary>The master is killed, and started again.</summary>
    public static HBaseFault MasterKilled(TimeSpan lasts) =>
        new("master killed", static (hbase, _) => hbase.RunAsync("kill", "master"), static (hbase, _) => hbase.RunAsync("revive", "master"), lasts);

    /// <summary>A region server stands still: nothing is answered and nothing refused. It then finds that it was taken for dead, and is started again.</summary>
    /// <remarks>
    /// It wakes when others serve its regions and no call of a writer waits for it any more, which may take longer than told. Once its log was taken over, HDFS refuses what a server still writes to it;
    /// a local file system does not, so a server that finds writers' calls on waking would acknowledge what nobody will ever read.
    /// </remarks>
    public static HBaseFault RegionServerStopped(TimeSpan lasts) => new(
        $"region server stopped for {lasts.TotalSeconds:0} s",
        static (hbase, victim) => hbase.RunAsync("pause", victim),
        static async (hbase, victim) =>
        {
            await IsTakenOverAsync(hbase, victim);
            await hbase.RunAsync("resume", victim);
        },
        lasts);

    /// <summary>Everything is killed, ZooKeeper included, and started again.</summary>
    public static HBaseFault AllAway(TimeSpan lasts) => new(
        $"all of HBase away for {lasts.TotalSeconds:0} s",
        static (hbase, _) => Task.WhenAll(Enumerable.Range(1, hbase.RegionServers).Select(static i => $"rs-{i}").Append("master").Append("zk").Select(name => hbase.RunAsync("kill", name))),
        static (hbase, _) => hbase.RunAsync("start"),
        lasts);

    private static async Task IsTakenOverAsync(LocalHBase hbase, string victim)
    {
        await using var client = new HBaseClient(hbase.Masters);
        var stopped = hbase.EndpointOf(victim);
        var began = Stopwatch.GetTimestamp();
        while (await ServesAsync(client, stopped))
        {
            if (Stopwatch.GetElapsedTime(began) > Limit) throw new TimeoutException($"{victim} was not taken for dead within {Limit.TotalSeconds:0} s.");

            await Task.Delay(Poll, TimeProvider.System);
        }

        // Whoever had called it before has given up by then, and asks where the region is.
        await Task.Delay(new HBaseClientOptions().CallTimeout + TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    private static async Task<bool> ServesAsync(HBaseClient client, HBaseEndpoint server)
    {
        try
        {
            if ((await client.Admin.GetClusterStatusAsync()).LiveServers.Any(live => live.Endpoint == server)) return true;

            foreach (var table in await client.Admin.ListTablesAsync())
            {
                if ((await client.Admin.ListRegionsAsync(table)).Any(region => region.Server == server)) return true;
            }

            return false;
        }
        catch (HBaseException failure) when (failure.IsTransient)
        {
            // It is the one that has hbase:meta.
            return true;
        }
    }
}
