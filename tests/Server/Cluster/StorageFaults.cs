using Grains.Testing.HBase;
using Grains.Testing.HBase.Faults;

namespace Grains.Tests.Server.Cluster;

/// <summary>What may happen to an HBase, one at a time; each is over when every server is back.</summary>
internal sealed class StorageFaults(LocalHBase hbase)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public ClusterFault RegionServerKilled => Of(HBaseFault.RegionServerKilled with { Lasts = TimeSpan.FromSeconds(8) });

    public ClusterFault RegionServerStopped => Of(HBaseFault.RegionServerStopped(TimeSpan.FromSeconds(10)));

    public ClusterFault MasterKilled => Of(HBaseFault.MasterKilled(TimeSpan.FromSeconds(3)));

    private ClusterFault Of(HBaseFault fault) => new(fault.Name, "HBase", random =>
    {
        var victim = $"rs-{1 + random.Next(hbase.RegionServers)}";
        return () => HappenAsync(fault, victim);
    });

    private async Task HappenAsync(HBaseFault fault, string victim)
    {
        await fault.Inject(hbase, victim);
        await Task.Delay(fault.Lasts!.Value, TimeProvider.System);
        await fault.Heal(hbase, victim);
        await FaultCampaign.EveryServerIsBackAsync(hbase, Limit);
    }
}
