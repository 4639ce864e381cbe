using System.Text.Json.Nodes;
using Grains.Abstractions.Questions;
using Xunit;

namespace Grains.Tests.Unit.Api;

public sealed class OverviewTests
{
    [Fact]
    public async Task The_top_courses_have_the_promised_shape()
    {
        await using var host = await ApiHost.StartAsync();
        var (status, body, _) = await host.AskAsync("/v1/courses?top=7&window=10m");

        Assert.Equal(200, status);
        Assert.Equal(new TopQuestion(7, WindowSpan.TenMinutes), host.Statistics.TopQuestion);
        var expected = JsonNode.Parse(
            """
            {
              "window": { "name": "10m", "start": "2026-11-23T10:00:00+00:00", "end": "2026-11-23T11:00:00+00:00", "views": 99 },
              "courseCount": 5,
              "courses": [{ "course": "112", "views": 123 }],
              "missingSilos": 0
            }
            """);
        Assert.Equal(expected!.ToJsonString(), body.ToJsonString());
    }

    [Theory]
    [InlineData("?top=1001&window=1d", new[] { "top", "window" })]
    [InlineData("?top=0", new[] { "top" })]
    [InlineData("?window=1s", new[] { "window" })]
    public async Task A_wrong_question_about_all_courses_is_refused(string query, string[] parameters)
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var address in new[] { "/v1/courses", "/v1/live" })
        {
            var (status, body, _) = await host.AskAsync(address + query);

            Assert.Equal(400, status);
            Assert.Equal(parameters, body["errors"]!.AsObject().Select(error => error.Key));
        }
    }

    [Fact]
    public async Task The_status_has_the_promised_shape()
    {
        await using var host = await ApiHost.StartAsync();
        var (_, body, _) = await host.AskAsync("/v1/status");

        var expected = JsonNode.Parse(
            """
            {
              "started": "2026-11-23T09:00:00+00:00", "records": 100, "kept": 80,
              "skipped": { "total": 10, "byReason": { "method": 3, "status": 7 } },
              "refused": { "total": 10, "byReason": { "no time": 10 } },
              "samples": [{ "source": "access.log", "partition": 0, "position": 5, "reason": "no time", "text": "\\x00" }],
              "eventTime": "2026-11-23T10:15:32+00:00", "courses": 5, "recordsPerSecond": 12.3,
              "partitions": [{ "source": "access.log", "partition": 0, "position": 1000, "durable": 900, "lag": 50, "durableLag": 100, "unit": "By" }],
              "silos": 1, "missingSilos": 0
            }
            """);
        Assert.Equal(expected!.ToJsonString(), body.ToJsonString());
    }
}
