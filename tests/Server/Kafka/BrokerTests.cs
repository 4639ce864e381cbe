using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Exactly once while brokers die.</summary>
public sealed class BrokerTests(KafkaServer kafka)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Brokers_killed_and_revived_under_load_cost_nothing()
    {
        await using var brokers = await OwnBrokers.StartAsync(kafka.Script, "--brokers", "3", "--port", "29500");
        await brokers.TopicAsync("load", 6, 3);
        var storage = new MemorySnapshots();
        await using var load = new Load(brokers.Bootstrap, "load", 6);
        await using var first = TallySilo.Start(TallySilo.Options(brokers.Bootstrap, "load"), storage);
        await using var second = TallySilo.Start(TallySilo.Options(brokers.Bootstrap, "load"), storage);
        for (var broker = 1; broker <= 2; broker++)
        {
            await first.UntilAsync(() => Durable(first) + Durable(second) > 0, "Something durable");
            await brokers.DoAsync("kill", broker);
            // The others lead its partitions by now, and reading has gone on.
            var durable = Durable(first) + Durable(second);
            await first.UntilAsync(() => Durable(first) + Durable(second) > durable + 5_000, "5,000 records without a broker", Limit);
            await brokers.DoAsync("revive", broker);
        }

        var expected = await load.EndAsync();
        await first.UntilAsync(() => expected.Tallies.OrderBy(pair => pair.Key).SequenceEqual(TallySilo.Tallies(storage).OrderBy(pair => pair.Key)), "Every record once", Limit);
    }

    private static long Durable(TallySilo silo) => silo.Reader.Partitions.Sum(partition => partition.Durable);
}
