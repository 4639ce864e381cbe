using System.Globalization;
using System.Text;
using System.Text.Json;
using Grains.Tests.Server.Embedded;
using Grains.Tests.Server.Kafka;
using Grains.Tests.Server.Postgres;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>Questions about courses are answered by whichever silo is asked, while silos come and go.</summary>
[Collection(PostgresCollection.Name)]
public sealed class QuestionTests(KafkaServer kafka, PostgresServer postgres)
{
    private const int Lines = 20_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Courses_that_are_asked_for_while_silos_come_and_go_are_answered_by_all_of_them_afterwards()
    {
        var workload = await Workload.MakeAsync(Lines, courses: 300, seed: 3);
        var expected = Views(workload.Expected);
        var topic = await kafka.NewTopicAsync(partitions: 6);
        await using var cluster = new SiloCluster(kafka.Bootstrap, topic, "--postgres", await postgres.CreateDatabaseAsync());
        await cluster.StartAsync(silos: 1);
        await using var load = new SteadyLoad(kafka.Bootstrap, topic, workload.SplitLines(), rate: int.MaxValue);
        await load.FinishAsync();
        await cluster.WaitUntilDurableAsync(Lines, Limit);

        using var end = new CancellationTokenSource();
        var asking = AskOnAsync(cluster.Nodes[0], expected.Keys, end.Token);
        var (second, third) = (cluster.Add(), cluster.Add());
        await second.StartAsync();
        await SilosAsync(2);
        await third.StartAsync();
        await SilosAsync(3);
        await second.TerminateAsync(TimeSpan.FromSeconds(2));
        await SilosAsync(3);
        await third.KillAsync(TimeSpan.Zero);
        await SilosAsync(3);
        await end.CancelAsync();
        await asking;

        foreach (var node in cluster.Nodes)
        {
            var api = Assert.IsType<SiloApi>(await node.ApiAsync());
            foreach (var (course, views) in expected) Assert.Equal((course, views), (course, await ViewsAsync(api, course)));
        }

        Task SilosAsync(int silos) => cluster.WaitUntilAsync(Limit, status => status.GetProperty("silos").GetInt32() == silos && status.GetProperty("missingSilos").GetInt32() == 0);
    }

    // So each course has an activation somewhere when silos come and go. Answers that fail meanwhile are none of this test's business.
    private static async Task AskOnAsync(ClusterNode node, IEnumerable<string> courses, CancellationToken end)
    {
        var api = Assert.IsType<SiloApi>(await node.ApiAsync());
        while (!end.IsCancellationRequested)
        {
            await Task.WhenAll(courses.Select(async course =>
            {
                try
                {
                    await ViewsAsync(api, course);
                }
                catch (HttpRequestException)
                {
                }
            }));
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<long> ViewsAsync(SiloApi api, string course)
    {
        using var answer = JsonDocument.Parse(await api.GetAsync($"/v1/courses/{course}"));
        return answer.RootElement.GetProperty("views").GetInt64();
    }

    // The oracle's lines of a course's whole: COURSE TAB 0 TAB views TAB TAB COUNT.
    private static Dictionary<string, long> Views(byte[] expected) => Encoding.UTF8.GetString(expected).Split('\n').Select(static line => line.Split('\t'))
        .Where(static parts => parts is [_, "0", "views", ..])
        .ToDictionary(static parts => parts[0], static parts => long.Parse(parts[^1], CultureInfo.InvariantCulture));
}
