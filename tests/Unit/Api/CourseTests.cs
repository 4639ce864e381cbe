using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grains.Abstractions.Questions;
using Xunit;

namespace Grains.Tests.Unit.Api;

public sealed class CourseTests
{
    [Fact]
    public async Task The_numbers_of_a_course_have_the_promised_shape()
    {
        await using var host = await ApiHost.StartAsync();
        var (status, body, mediaType) = await host.AskAsync("/v1/courses/112");

        Assert.Equal((200, "application/json"), (status, mediaType));
        var expected = JsonNode.Parse(
            """
            {
              "course": "112",
              "views": 123,
              "asOf": { "eventTime": "2026-11-23T10:15:32+00:00", "positions": [{ "source": "access.log", "partition": 0, "position": 77 }], "late": 2, "durable": false, "stalenessSeconds": 1.5 },
              "windows": {
                "second": { "start": "2026-11-23T10:15:32+00:00", "end": "2026-11-23T10:15:33+00:00", "views": 1 },
                "minute": { "start": "2026-11-23T10:15:00+00:00", "end": "2026-11-23T10:16:00+00:00", "views": 2 },
                "tenMinutes": { "start": "2026-11-23T10:10:00+00:00", "end": "2026-11-23T10:20:00+00:00", "views": 10 },
                "hour": { "start": "2026-11-23T10:00:00+00:00", "end": "2026-11-23T11:00:00+00:00", "views": 40 },
                "day": { "start": "2026-11-23T00:00:00+00:00", "end": "2026-11-24T00:00:00+00:00", "views": 60 },
                "allTime": { "start": "1970-01-01T00:00:00+00:00", "end": "2026-11-23T10:15:32+00:00", "views": 123 }
              },
              "dimensions": {
                "window": { "name": "1h", "start": "2026-11-23T10:00:00+00:00", "end": "2026-11-23T11:00:00+00:00", "views": 40 },
                "client": [{ "value": "Chrome", "views": 30 }, { "value": "Firefox", "views": 6 }],
                "os": [{ "value": "Windows", "views": 40 }],
                "device": [{ "value": "desktop", "views": 40 }],
                "region": [{ "value": "CN", "views": 39 }, { "value": "ZZ", "views": 1 }],
                "source": [{ "value": "direct", "views": 40 }],
                "rest": { "client": 4, "os": 0, "device": 0, "region": 0, "source": 0 }
              },
              "series": { "resolution": "1m", "start": "2026-11-23T10:14:00+00:00", "stepSeconds": 60, "views": [7, 2] }
            }
            """);
        Assert.Equal(expected!.ToJsonString(), body.ToJsonString());
    }

    [Fact]
    public async Task The_first_number_called_views_is_that_of_all_time()
    {
        await using var host = await ApiHost.StartAsync();
        var text = await host.Client.GetStringAsync("/v1/courses/112");

        Assert.Equal("123", Regex.Match(text, "\"views\"\\s*:\\s*([0-9]+)").Groups[1].Value);
    }

    [Theory]
    [InlineData("", WindowSpan.Hour, WindowSpan.Minute, 60, 10, 0)]
    [InlineData("?window=1d&resolution=1s&points=120&top=1000&tz=%2B08:00", WindowSpan.Day, WindowSpan.Second, 120, 1000, 480)]
    [InlineData("?window=all&resolution=1h&points=1440&top=1&tz=+05:45", WindowSpan.AllTime, WindowSpan.Hour, 1440, 1, 345)]
    [InlineData("?window=1m&resolution=10m&points=1&tz=-03:30", WindowSpan.Minute, WindowSpan.TenMinutes, 1, 10, -210)]
    [InlineData("?window=10m&resolution=1d&tz=Z", WindowSpan.TenMinutes, WindowSpan.Day, 60, 10, 0)]
    [InlineData("?points=0", WindowSpan.Hour, WindowSpan.AllTime, 0, 10, 0)]
    [InlineData("?resolution=all", WindowSpan.Hour, WindowSpan.AllTime, 60, 10, 0)]
    public async Task The_question_is_the_one_that_was_asked(string query, WindowSpan window, WindowSpan resolution, int points, int top, int offsetMinutes)
    {
        await using var host = await ApiHost.StartAsync();
        var (status, body, _) = await host.AskAsync($"/v1/courses/112{query}");

        Assert.Equal(200, status);
        Assert.Equal([new CourseQuestion(window, resolution, points, top, TimeSpan.FromMinutes(offsetMinutes))], host.Statistics.Questions);
        Assert.Equal(resolution == WindowSpan.AllTime, body["series"] is null);
    }

    [Fact]
    public async Task Everything_wrong_with_a_request_is_told_at_once()
    {
        await using var host = await ApiHost.StartAsync();
        var (status, body, mediaType) = await host.AskAsync("/v1/courses/a%20b?window=1s&resolution=5m&points=-1&top=0&tz=CET");

        Assert.Equal((400, "application/problem+json"), (status, mediaType));
        Assert.Equal(["id", "window", "resolution", "points", "top", "tz"], body["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal("'1s' is none of 1m, 10m, 1h, 1d, all.", (string?)body["errors"]!["window"]![0]);
        Assert.Empty(host.Statistics.Questions);
    }

    [Theory]
    [InlineData("points=1441", "points")]
    [InlineData("points=121&resolution=1s", "points")]
    [InlineData("points=1e3", "points")]
    [InlineData("points=99999999999", "points")]
    [InlineData("top=1001", "top")]
    [InlineData("tz=%2B14:01", "tz")]
    [InlineData("tz=08:00", "tz")]
    [InlineData("window=1H", "window")]
    public async Task What_is_beyond_a_limit_is_refused(string query, string parameter)
    {
        await using var host = await ApiHost.StartAsync();
        var (status, body, _) = await host.AskAsync($"/v1/courses/112?{query}");

        Assert.Equal(400, status);
        Assert.Equal([parameter], body["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_refusal_repeats_only_the_beginning_of_what_was_sent()
    {
        await using var host = await ApiHost.StartAsync();
        var (_, body, _) = await host.AskAsync($"/v1/courses/112?window={new string('x', 5000)}");

        Assert.Equal($"'{new string('x', 39)}…' is none of 1m, 10m, 1h, 1d, all.", (string?)body["errors"]!["window"]![0]);
    }
}
