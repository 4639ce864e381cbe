namespace Grains.Tests.Server.Cluster;

/// <summary>What may happen to the silos of a cluster that has started. One thing is done to a silo at a time.</summary>
internal sealed class SiloFaults(SiloCluster cluster)
{
    private readonly ClusterNode[] _silos = [.. cluster.Nodes];
    private readonly ClusterNode _visitor = cluster.Add();

    public ClusterFault Kill => new("SIGKILL of a silo", null, random =>
    {
        var (silo, absence) = (Any(random), Absence(random));
        return () => silo.KillAsync(absence);
    });

    public ClusterFault Terminate => new("SIGTERM of a silo", null, random =>
    {
        var (silo, absence) = (Any(random), Absence(random));
        return () => silo.TerminateAsync(absence);
    });

    public ClusterFault Freeze => new("SIGSTOP past eviction", null, random =>
    {
        var (silo, time) = (Any(random), random.Seconds(12, 18));
        return () => silo.FreezeAsync(time);
    });

    public ClusterFault Visit => new("rebalance: a fourth silo comes and goes", "visitor", random =>
    {
        var stay = random.Seconds(5, 10);
        return () => VisitAsync(stay);
    });

    private ClusterNode Any(Random random) => _silos[random.Next(_silos.Length)];

    // A new one at once, under the name of the old, or when the others have noticed.
    private static TimeSpan Absence(Random random) => random.Next(3) == 0 ? random.Seconds(4, 12) : random.Seconds(0, 1);

    private async Task VisitAsync(TimeSpan stay)
    {
        await _visitor.StartAsync();
        await Task.Delay(stay, TimeProvider.System);
        await _visitor.LeaveAsync();
    }
}
