using Grains.Testing.HBase.Faults;
using Grains.Tests.Server.Embedded;
using Grains.Tests.Server.HBase;
using Grains.Tests.Server.Kafka;
using Grains.Tests.Server.Postgres;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>
/// Three silos that find each other in PostgreSQL, read one topic and keep everything in HBase: a steady load, faults of silos and of HBase, and regions that move and split all the while.
/// A short form on the broker that all tests share runs always; the environment makes it longer, with more kinds of faults, and with brokers of its own that die too:
/// <c>GRAINS_FAULTS=30 GRAINS_LINES=400000 GRAINS_COURSES=10000 GRAINS_RATE=1000 GRAINS_BROKERS=3 GRAINS_SEED=1</c>.
/// </summary>
[Collection(RealHBaseCollection.Name)]
public sealed class HBaseClusterTests(KafkaServer kafka, RealHBase hbase, PostgresServer postgres, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    private const int Partitions = 8;
    private static readonly RunSize Short = new(Faults: 5, Lines: 100_000, Courses: 2_000, Rate: 2_000);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MovePause = TimeSpan.FromSeconds(1);

    private readonly string _topic = $"t-{Guid.NewGuid():n}";
    private readonly string _namespace = $"cluster{Guid.NewGuid():N}";

    [Fact]
    public async Task Export_equals_the_oracle_through_kills_of_silos_and_of_HBase_and_regions_that_move_and_split()
    {
        var size = Short.OrGiven();
        output.WriteLine($"{size}");
        var servers = hbase.Local;
        var database = await postgres.CreateDatabaseAsync();
        var workload = await Workload.MakeAsync(size.Lines, size.Courses, size.Seed);
        var brokerCount = RunSize.Number("BROKERS", 0);
        await using var brokers = brokerCount == 0 ? null : await OwnBrokers.StartAsync(kafka.Script, "--brokers", $"{brokerCount}", "--port", "29492");
        var bootstrap = brokers?.Bootstrap ?? kafka.Bootstrap;
        await (brokers?.TopicAsync(_topic, Partitions, brokerCount) ?? kafka.CreateAsync(_topic, Partitions));
        await using var cluster = new SiloCluster(
            bootstrap, _topic, "--postgres", database, "--hbase", servers.Masters, "--set", $"HBase:Namespace={_namespace}", "--set", "HBase:Regions=4", "--set", "HBase:HistoryBuckets=4");
        await cluster.StartAsync(silos: 3);

        await using var load = new SteadyLoad(bootstrap, _topic, workload.SplitLines(), size.Rate);
        await cluster.WaitUntilAsync(Limit, static status => status.GetProperty("courses").GetInt32() > 0);
        await using var client = hbase.Connect();
        var regions = new RestlessRegions(client, $"{_namespace}:course_snapshots", static random => [(byte)random.Next(256), (byte)random.Next(256)], size.Seed, MovePause);
        using var random = new RandomFaults(size.Seed, Deck(size, new SiloFaults(cluster), new StorageFaults(servers), brokers is null ? null : new BrokerFaults(brokers, brokerCount, _topic, maxPartitions: 2 * Partitions)));
        await random.RunAsync(size.Faults, output);
        output.WriteLine($"{load.Sent:N0} lines were sent meanwhile; {random}");
        await load.FinishAsync();
        await cluster.WaitUntilDurableAsync(size.Lines, Limit);
        await regions.EndAsync();
        output.WriteLine($"{regions.Moves} moves, {regions.Splits} splits, {regions.Refused} refused; {cluster.Nodes.Sum(node => node.Deaths)} other deaths");

        ExportCheck.AssertEqual(workload.Expected, await cluster.ExportAsync());
        Assert.True(regions is { Moves: > 0, Splits: > 0 }, $"{regions.Moves} moves, {regions.Splits} splits");
        Assert.Equal(0, await PostgresServer.AskAsync<long>(database, "SELECT count(*) FROM OrleansStorage"));
        Assert.NotNull(await FaultOfOneMoreAsync(cluster, bootstrap, workload, size));
    }

    // A run of few faults has few kinds, so that each happens.
    private static (ClusterFault, int)[] Deck(RunSize size, SiloFaults silo, StorageFaults storage, BrokerFaults? broker)
    {
        if (size.Faults <= Short.Faults) return [(silo.Kill, 2), (silo.Terminate, 1), (storage.RegionServerKilled, 1), (storage.MasterKilled, 1)];

        (ClusterFault, int)[] deck = [(silo.Kill, 4), (silo.Terminate, 1), (silo.Freeze, 1), (silo.Visit, 1), (storage.RegionServerKilled, 2), (storage.RegionServerStopped, 1), (storage.MasterKilled, 1)];
        return broker is null ? deck : [.. deck, (broker.Kill, 2), (broker.AddPartition, 1)];
    }

    // What the check says when one view is counted once more, by the same way.
    private async Task<string?> FaultOfOneMoreAsync(SiloCluster cluster, string bootstrap, Workload workload, RunSize size)
    {
        var view = workload.SplitLines().First(static line => line.Span.IndexOf("\"GET /class/"u8) > 0 && line.Span.IndexOf("\" 200 "u8) > 0);
        await using var load = new SteadyLoad(bootstrap, _topic, [view], size.Rate);
        await load.FinishAsync();
        await cluster.WaitUntilDurableAsync(size.Lines + 1, Limit);
        return ExportCheck.Fault(workload.Expected, await cluster.ExportAsync());
    }
}
