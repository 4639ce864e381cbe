using System.Net;

namespace Grains.Silo;

/// <summary>This silo among others: they find each other in the database, and share the partitions and the courses.</summary>
public sealed class ClusterSettings
{
    /// <summary>The silo's name, the same after a restart and no other silo's: under it a silo that was killed takes its partitions again at once. Default none: others take them when the group has missed it.</summary>
    public string? Name { get; set; }

    /// <summary>Silos of one cluster have the same. Default <c>grains</c>. Another one in the same database is another cluster with the same courses, as while a new version takes over from the old.</summary>
    public string ClusterId { get; set; } = "grains";

    /// <summary>Names the state in the database. Default <c>grains</c>. Another one begins from nothing.</summary>
    public string ServiceId { get; set; } = "grains";

    /// <summary>The address at which the other silos reach this one, of a network that only they use: whoever reaches it can change the counts. Default 127.0.0.1.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for the other silos. Default 0, any free one. A fixed one lets the others know at once that a silo which comes back is not the one that was killed.</summary>
    public int Port { get; set; }

    /// <summary>How often silos ask each other whether they live; one that misses three times is taken for dead by two that say so. Default 1 s. Shorter: a pause of a machine costs a silo its place; longer: the courses of a dead silo stand still for that much longer.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo that is told to stop may take to hand over. Default 30 s. Shorter than the storage takes to write what was counted: it is read again by the others.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (Name is not null && string.IsNullOrWhiteSpace(Name)) yield return "Cluster: Name is blank; it must be a name, or not set.";
        if (string.IsNullOrWhiteSpace(ClusterId)) yield return "Cluster: ClusterId is empty; it must name the cluster (default grains).";
        if (string.IsNullOrWhiteSpace(ServiceId)) yield return "Cluster: ServiceId is empty; it must name the service (default grains).";
        if (!IPAddress.TryParse(Address, out _)) yield return $"Cluster: Address is '{Address}'; it must be an IP address of this machine (default 127.0.0.1).";
        if (Port is < 0 or > 65535) yield return $"Cluster: Port is {Port}; it must be a port from 1 to 65535, or 0 for any free one (default 0).";
        if (ProbeInterval < TimeSpan.FromMilliseconds(100) || ProbeInterval > TimeSpan.FromMinutes(1)) yield return $"Cluster: ProbeInterval is {ProbeInterval}; it must be from 100 ms to 1 min (default 00:00:01).";
        if (ShutdownTimeout < TimeSpan.FromSeconds(1) || ShutdownTimeout > TimeSpan.FromMinutes(10)) yield return $"Cluster: ShutdownTimeout is {ShutdownTimeout}; it must be from 1 s to 10 min (default 00:00:30).";
    }
}
