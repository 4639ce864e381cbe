using System.Globalization;
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
public sealed class ExactlyOnceTests(KafkaServer kafka, PostgresServer postgres)
{
    private const int Brokers = 3;
    private const int Partitions = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Export_equals_the_oracle_through_kills_freezes_rebalances_and_dead_brokers()
    {
        var output = TestContext.Current.TestOutputHelper!;
        var (faults, lines, courses, rate, seed) = (Number("FAULTS", 8), Number("LINES", 150_000), Number("COURSES", 5_000), Number("RATE", 5_000), Number("SEED", Environment.TickCount & 0xffff));
        output.WriteLine($"seed {seed}: {faults} faults, {lines:N0} lines of {courses:N0} courses, {rate:N0} a second");
        var workload = await Workload.MakeAsync(lines, courses, seed);
        await using var brokers = await OwnBrokers.StartAsync(kafka.Script, "--brokers", $"{Brokers}", "--port", "29392");
        const string Topic = "access_log";
        await brokers.TopicAsync(Topic, Partitions, Brokers);
        await using var cluster = new SiloCluster(brokers.Bootstrap, Topic, "--postgres", await postgres.CreateDatabaseAsync());
        await cluster.StartAsync(silos: 3);

        await using var load = new SteadyLoad(brokers.Bootstrap, Topic, workload.SplitLines(), rate);
        using var random = new RandomFaults(seed, cluster, brokers, Brokers, Topic, maxPartitions: 2 * Partitions);
        await random.RunAsync(faults, output);
        output.WriteLine($"{load.Sent:N0} lines were sent meanwhile; {string.Join(", ", random.Counts.Select(count => $"{count.Value} × {count.Key}"))}; {cluster.Nodes.Sum(node => node.Deaths)} other deaths");
        await load.FinishAsync();
        await cluster.WaitUntilDurableAsync(lines, Limit);

        ExportCheck.AssertEqual(workload.Expected, await cluster.ExportAsync());
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable($"GRAINS_{name}"), CultureInfo.InvariantCulture, out var given) ? given : otherwise;
}
