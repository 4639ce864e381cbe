using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Grains.Tests.Server.Kafka;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>Draws faults from a seed and lets them happen to a cluster and its brokers, up to two at a time.</summary>
internal sealed class RandomFaults(int seed, SiloCluster cluster, OwnBrokers brokers, int brokerCount, string topic, int maxPartitions) : IDisposable
{
    private const int AtOnce = 2;

    private readonly Random _random = new(seed);
    private readonly SemaphoreSlim _broker = new(1);
    private readonly SemaphoreSlim _extra = new(1);
    private readonly Dictionary<string, int> _counts = [];
    private readonly ClusterNode _visitor = cluster.Add();

    /// <summary>How many of each have happened.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    public async Task RunAsync(int faults, ITestOutputHelper output)
    {
        var began = Stopwatch.GetTimestamp();
        var running = new List<Task>();
        for (var number = 1; number <= faults; number++)
        {
            var (name, act) = Draw();
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
            output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:F1} s  {number,3}  {name}");
            running.Add(Task.Run(act));
            while (running.Count(fault => !fault.IsCompleted) >= AtOnce) await Task.WhenAny(running.Where(fault => !fault.IsCompleted));
            await DelayAsync(0.2, 2);
        }

        await Task.WhenAll(running);
        foreach (var node in cluster.Nodes.Where(node => !node.Left)) await node.StartAsync();
    }

    private (string Name, Func<Task> Act) Draw()
    {
        var silo = cluster.Nodes[_random.Next(cluster.Nodes.Count - 1)];
        // A new one at once, under the name of the old, or when the others have noticed.
        var absence = TimeSpan.FromSeconds(_random.Next(3) == 0 ? 4 + (8 * _random.NextDouble()) : _random.NextDouble());
        switch (_random.Next(10))
        {
            case < 4:
                return ("SIGKILL of a silo", () => silo.KillAsync(absence));
            case 4:
                return ("SIGTERM of a silo", () => silo.TerminateAsync(absence));
            case 5:
                var time = TimeSpan.FromSeconds(12 + (6 * _random.NextDouble()));
                return ("SIGSTOP past eviction", () => silo.FreezeAsync(time));
            case 6 or 7:
                var broker = 1 + _random.Next(brokerCount);
                var away = 1 + (4 * _random.NextDouble());
                return ("SIGKILL of a broker", () => AloneAsync(_broker, () => KillBrokerAsync(broker, away)));
            case 8:
                var stay = 5 + (5 * _random.NextDouble());
                return ("rebalance: a fourth silo comes and goes", () => AloneAsync(_extra, () => VisitAsync(stay)));
            default:
                return ("partitions added", () => AloneAsync(_broker, AddPartitionAsync));
        }
    }

    public void Dispose()
    {
        _broker.Dispose();
        _extra.Dispose();
    }

    private async Task KillBrokerAsync(int broker, double away)
    {
        await brokers.DoAsync("kill", broker);
        await DelayAsync(away, away);
        await brokers.DoAsync("revive", broker);
    }

    private async Task VisitAsync(double stay)
    {
        await _visitor.StartAsync();
        await DelayAsync(stay, stay);
        await _visitor.LeaveAsync();
    }

    private async Task AddPartitionAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers.Bootstrap }).SetLogHandler(static (_, _) => { }).Build();
        var now = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics[0].Partitions.Count;
        if (now < maxPartitions) await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = now + 1 }]);
    }

    private static async Task AloneAsync(SemaphoreSlim gate, Func<Task> act)
    {
        await gate.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            gate.Release();
        }
    }

    private Task DelayAsync(double from, double to) => Task.Delay(TimeSpan.FromSeconds(from == to ? from : from + ((to - from) * _random.NextDouble())), TimeProvider.System, TestContext.Current.CancellationToken);
}
