namespace HBase.Client;

/// <summary>A cluster at a glance.</summary>
/// <param name="Version">HBase's version.</param>
/// <param name="ClusterId">The cluster's identity.</param>
/// <param name="Master">The active master.</param>
/// <param name="BackupMasters">Masters that wait.</param>
/// <param name="LiveServers">Region servers at work.</param>
/// <param name="DeadServers">Region servers that died, as <c>host,port,startcode</c>.</param>
/// <param name="BalancerOn">Whether regions are moved to even out the load.</param>
public sealed record ClusterStatus(
    string Version, string ClusterId, HBaseEndpoint Master, IReadOnlyList<HBaseEndpoint> BackupMasters, IReadOnlyList<HBaseServer> LiveServers, IReadOnlyList<HBaseServer> DeadServers, bool BalancerOn);
