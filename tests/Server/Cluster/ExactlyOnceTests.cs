using Grains.Tests.Server.Embedded;
using Grains.Tests.Server.Kafka;
using Grains.Tests.Server.Postgres;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>
/// Three silos on three brokers and PostgreSQL, a steady load, and faults. A short form runs always; the environment makes it longer:
/// <c>GRAINS_FAULTS=100 GRAINS_LINES=2000000 GRAINS_COURSES=100000 GRAINS_RATE=3000 GRAINS_SEED=1</c>.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class ExactlyOnceTests(KafkaServer kafka, PostgresServer postgres, ITestOutputHelper output)
{
    private const int Brokers = 3;
    private const int Partitions = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Export_equals_the_oracle_through_kills_freezes_rebalances_and_dead_brokers()
    {
        var size = new RunSize(Faults: 8, Lines: 150_000, Courses: 5_000, Rate: 5_000).OrGiven();
        output.WriteLine($"{size}");
        var workload = await Workload.MakeAsync(size.Lines, size.Courses, size.Seed);
        await using var brokers = await OwnBrokers.StartAsync(kafka.Script, "--brokers", $"{Brokers}", "--port", "29392");
        const string Topic = "access_log";
        await brokers.TopicAsync(Topic, Partitions, Brokers);
        await using var cluster = new SiloCluster(brokers.Bootstrap, Topic, "--postgres", await postgres.CreateDatabaseAsync());
        await cluster.StartAsync(silos: 3);

        await using var load = new SteadyLoad(brokers.Bootstrap, Topic, workload.SplitLines(), size.Rate);
        var (silo, broker) = (new SiloFaults(cluster), new BrokerFaults(brokers, Brokers, Topic, maxPartitions: 2 * Partitions));
        using var random = new RandomFaults(size.Seed, (silo.Kill, 4), (silo.Terminate, 1), (silo.Freeze, 1), (silo.Visit, 1), (broker.Kill, 2), (broker.AddPartition, 1));
        await random.RunAsync(size.Faults, output);
        output.WriteLine($"{load.Sent:N0} lines were sent meanwhile; {random}");
        await load.FinishAsync();
        await cluster.WaitUntilDurableAsync(size.Lines, Limit);
        output.WriteLine($"{cluster.Nodes.Sum(node => node.Deaths)} other deaths");

        ExportCheck.AssertEqual(workload.Expected, await cluster.ExportAsync());
    }
}
