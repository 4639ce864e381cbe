namespace Grains.Testing.HBase.Faults;

/// <summary>Something that happens to an HBase while it is written to.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Inject">Makes it happen; times count from its end.</param>
/// <param name="Heal">Ends it. By then writers may have recovered by themselves, and must afterwards.</param>
/// <param name="Lasts">How long until it is healed; null: until every row can be written again without that.</param>
public sealed record HBaseFault(string Name, Func<LocalHBase, string, Task> Inject, Func<LocalHBase, string, Task> Heal, TimeSpan? Lasts)
{
    /// <summary>Nothing but moves and splits, which go on through all the others too.</summary>
    public static HBaseFault MovesAndSplits(TimeSpan lasts) => new("regions move and split", static (_, _) => Task.CompletedTask, static (_, _) => Task.CompletedTask, lasts);

    /// <summary>A region server is killed, and started again when the other has taken its regions.</summary>
    public static HBaseFault RegionServerKilled { get; } =
        new("region server killed", static (hbase, victim) => hbase.RunAsync("kill", victim), static (hbase, victim) => hbase.RunAsync("revive", victim), null);

    /// <summary>The master is killed, and started again.</summary>
    public static HBaseFault MasterKilled(TimeSpan lasts) =>
        new("master killed", static (hbase, _) => hbase.RunAsync("kill", "master"), static (hbase, _) => hbase.RunAsync("revive", "master"), lasts);

    /// <summary>A region server stands still: nothing is answered and nothing refused. It then finds that it was taken for dead, and is started again.</summary>
    public static HBaseFault RegionServerStopped(TimeSpan lasts) => new(
        $"region server stopped for {lasts.TotalSeconds:0} s", static (hbase, victim) => hbase.RunAsync("pause", victim), static (hbase, victim) => hbase.RunAsync("resume", victim), lasts);

    /// <summary>Everything is killed, ZooKeeper included, and started again.</summary>
    public static HBaseFault AllAway(TimeSpan lasts) => new(
        $"all of HBase away for {lasts.TotalSeconds:0} s",
        static (hbase, _) => Task.WhenAll(Enumerable.Range(1, hbase.RegionServers).Select(static i => $"rs-{i}").Append("master").Append("zk").Select(name => hbase.RunAsync("kill", name))),
        static (hbase, _) => hbase.RunAsync("start"),
        lasts);
}
