using System.Globalization;
using System.Text;
using System.Text.Json;
using Grains.Tests.Server.Embedded;
using Grains.Tests.Server.Kafka;
using Grains.Tests.Server.Postgres;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>The list of the courses with the most views is the whole cluster's, whichever silo is asked.</summary>
[Collection(PostgresCollection.Name)]
public sealed class TopTests(KafkaServer kafka, PostgresServer postgres)
{
    private const int Lines = 40_000;
    private const int Silos = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Every_silo_answers_with_the_counts_of_all_and_none_is_missing()
    {
        var workload = await Workload.MakeAsync(Lines, courses: 300, seed: 7);
        var expected = Views(workload.Expected);
        var topic = await kafka.NewTopicAsync(partitions: 6);
        await using var cluster = new SiloCluster(kafka.Bootstrap, topic, "--postgres", await postgres.CreateDatabaseAsync());
        await cluster.StartAsync(Silos);
        await using var load = new SteadyLoad(kafka.Bootstrap, topic, workload.SplitLines(), rate: int.MaxValue);
        await load.FinishAsync();
        await cluster.WaitUntilDurableAsync(Lines, Limit);

        foreach (var node in cluster.Nodes)
        {
            using var answer = JsonDocument.Parse(await (await node.ApiAsync())!.GetAsync("/v1/courses?top=1000&window=all"));
            var top = answer.RootElement;
            Assert.Equal(0, top.GetProperty("missingSilos").GetInt32());
            Assert.Equal(expected.Count, top.GetProperty("courseCount").GetInt32());
            Assert.Equal(expected.Sum(course => course.Views), top.GetProperty("window").GetProperty("views").GetInt64());
            Assert.Equal(expected, top.GetProperty("courses").EnumerateArray().Select(course => (course.GetProperty("course").GetString()!, course.GetProperty("views").GetInt64())));
        }
    }

    // The oracle's lines of a course's whole: COURSE TAB 0 TAB views TAB TAB COUNT.
    private static List<(string Course, long Views)> Views(byte[] expected) =>
    [
        .. Encoding.UTF8.GetString(expected).Split('\n').Select(line => line.Split('\t')).Where(parts => parts is [_, "0", "views", ..])
            .Select(parts => (Course: parts[0], Views: long.Parse(parts[^1], CultureInfo.InvariantCulture)))
            .OrderByDescending(course => course.Views).ThenBy(course => course.Course, StringComparer.Ordinal),
    ];
}
