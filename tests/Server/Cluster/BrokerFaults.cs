using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Grains.Tests.Server.Kafka;

namespace Grains.Tests.Server.Cluster;

/// <summary>What may happen to the brokers and to the topic on them, one at a time.</summary>
internal sealed class BrokerFaults(OwnBrokers brokers, int count, string topic, int maxPartitions)
{
    private const string Place = "brokers";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public ClusterFault Kill => new("SIGKILL of a broker", Place, random =>
    {
        var (broker, away) = (1 + random.Next(count), random.Seconds(1, 5));
        return () => KillAsync(broker, away);
    });

    public ClusterFault AddPartition => new("partitions added", Place, _ => AddPartitionAsync);

    private async Task KillAsync(int broker, TimeSpan away)
    {
        await brokers.DoAsync("kill", broker);
        await Task.Delay(away, TimeProvider.System);
        await brokers.DoAsync("revive", broker);
    }

    private async Task AddPartitionAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers.Bootstrap }).SetLogHandler(static (_, _) => { }).Build();
        var now = admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count;
        if (now < maxPartitions) await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = now + 1 }]);
    }
}
