using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Grains.Tests.Server.Embedded;
using Grains.Tests.Server.Kafka;
using Grains.Tests.Server.Postgres;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>The database goes away under load and comes back. <c>GRAINS_AWAY=60</c> makes it a minute.</summary>
[Collection(PostgresCollection.Name)]
public sealed class StorageAwayTests(KafkaServer kafka, PostgresServer postgres)
{
    private const int LinesBefore = 40_000;
    private const int Rate = 3_000;
    private const int SecondsAfter = 20;

    // A silo at rest has some 200 MB here, and may hold 32 MiB of records that are fetched and not yet counted.
    private const double MostMegabytes = 450;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Answers_go_on_and_say_how_stale_they_are_memory_stays_and_nothing_is_lost()
    {
        var away = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("GRAINS_AWAY"), CultureInfo.InvariantCulture, out var given) ? given : 15);
        var lines = LinesBefore + (Rate * ((int)away.TotalSeconds + SecondsAfter));
        var workload = await Workload.MakeAsync(lines, courses: 1000, seed: 5);
        var topic = await kafka.NewTopicAsync(partitions: 8);
        await using var cluster = new SiloCluster(kafka.Bootstrap, topic, "--postgres", await postgres.CreateDatabaseAsync());
        await cluster.StartAsync(silos: 2);
        await using var first = new SteadyLoad(kafka.Bootstrap, topic, workload.SplitLines().Take(LinesBefore), Rate);
        await first.FinishAsync();
        await cluster.WaitUntilDurableAsync(LinesBefore, Limit);

        // No write is under way now: a course whose write the storage took with it has forgotten, and could not answer before the storage is back.
        await postgres.StopAsync();
        await using var load = new SteadyLoad(kafka.Bootstrap, topic, workload.SplitLines().Skip(LinesBefore), Rate);
        var (stalest, most) = (0.0, 0.0);
        var began = Stopwatch.GetTimestamp();
        var (before, sentBefore) = (await ViewsAsync(), load.Sent);
        while (Stopwatch.GetElapsedTime(began) < away)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, TestContext.Current.CancellationToken);
            var course = await cluster.GetAsync("/v1/courses/1");
            using var answer = JsonDocument.Parse(course);
            stalest = Math.Max(stalest, answer.RootElement.GetProperty("asOf").GetProperty("stalenessSeconds").GetDouble());
            most = Math.Max(most, cluster.Nodes.Max(node => node.Process?.ResidentMegabytes() ?? 0));
        }

        var (counted, sent) = (await ViewsAsync() - before, load.Sent - sentBefore);
        await AssertCannotTellOfStrangersAsync(cluster);
        await postgres.StartAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"away for {away.TotalSeconds:F0} s: {sent:N0} lines were sent and {counted:N0} views counted meanwhile, an answer said that it waits for {stalest:F1} s to be durable, the larger silo had {most:F0} MB");
        await load.FinishAsync();
        await cluster.WaitUntilDurableAsync(lines, Limit);

        ExportCheck.AssertEqual(workload.Expected, await cluster.ExportAsync());
        // Not every line is a view; a course that nobody had asked about waits for its row; and a loaded machine is behind. Half leaves room for all three.
        var views = sent * (double)await ViewsAsync() / lines;
        Assert.True(sent >= Rate * away.TotalSeconds / 4, $"Only {sent} lines were sent in {away.TotalSeconds:F0} s: the machine is too slow for the test to say anything.");
        Assert.True(counted >= views / 2, $"While the storage was away, {sent} lines were sent, {views:F0} of them views, and only {counted} were counted.");
        Assert.InRange(stalest, away.TotalSeconds / 2, double.MaxValue);
        Assert.InRange(most, 1, MostMegabytes);
        Assert.Equal(0, cluster.Nodes.Sum(node => node.Deaths));

        async Task<long> ViewsAsync()
        {
            using var answer = JsonDocument.Parse(await cluster.GetAsync("/v1/courses?top=1&window=all"));
            return answer.RootElement.GetProperty("window").GetProperty("views").GetInt64();
        }
    }

    // Whether such a course has views only the storage knows. Each silo is asked of several, some of which are the other one's.
    private static async Task AssertCannotTellOfStrangersAsync(SiloCluster cluster)
    {
        foreach (var node in cluster.Nodes)
        {
            var api = Assert.IsType<SiloApi>(await node.ApiAsync());
            for (var course = 990_001; course < 990_006; course++)
            {
                var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => api.GetAsync($"/v1/courses/{course}"));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
            }
        }
    }
}
