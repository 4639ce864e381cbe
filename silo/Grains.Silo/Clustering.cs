using System.Net;
using System.Net.Sockets;
using Grains.Storage.Postgres;
using Orleans.Configuration;

namespace Grains.Silo;

/// <summary>Makes the silo one by itself, or one of several that find each other in PostgreSQL.</summary>
internal static class Clustering
{
    private const int NoGateway = 0;

    public static ISiloBuilder UseCluster(this ISiloBuilder silo, SiloSettings settings)
    {
        var cluster = settings.Cluster;
        var port = cluster.Port == 0 ? FreePort(IPAddress.Loopback) : cluster.Port;
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        if (cluster.Name is { } name) silo.Configure<SiloOptions>(options => options.SiloName = name);
        if (!settings.IsClustered) return silo.UseLocalhostClustering(siloPort: port, gatewayPort: NoGateway, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);

        var address = IPAddress.Parse(cluster.Address);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = cluster.ProbeInterval;
            // Silos tell each other of changes; the table is looked at in case that was missed.
            options.TableRefreshTimeout = 5 * cluster.ProbeInterval;
        });
        return silo.UsePostgresClustering(settings.Postgres).ConfigureEndpoints(address, port, NoGateway);
    }

    private static int FreePort(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
