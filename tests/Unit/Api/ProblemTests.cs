using System.Net;
using Grains.Abstractions.Questions;
using Xunit;

namespace Grains.Tests.Unit.Api;

public sealed class ProblemTests
{
    [Theory]
    [InlineData("/v1/courses/113", "Unknown course.", "No view of course '113' has been counted.")]
    [InlineData("/v1/courses/113/live", "Unknown course.", "No view of course '113' has been counted.")]
    [InlineData("/v1/course", "No such address.", "GET /openapi/v1.json tells what there is.")]
    public async Task What_is_not_there_is_a_problem_404(string address, string title, string detail)
    {
        await using var host = await ApiHost.StartAsync();
        var (status, body, mediaType) = await host.AskAsync(address);

        Assert.Equal((404, "application/problem+json"), (status, mediaType));
        Assert.Equal((404, title, detail), ((int)body["status"]!, (string?)body["title"], (string?)body["detail"]));
    }

    [Fact]
    public async Task Only_questions_are_answered()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.Client.PostAsync("/v1/courses/112", null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/v1/courses/112")]
    [InlineData("/v1/courses/112/live")]
    [InlineData("/v1/courses")]
    [InlineData("/v1/live")]
    [InlineData("/v1/status")]
    public async Task A_failure_is_told_without_its_secrets(string address)
    {
        await using var host = await ApiHost.StartAsync();
        host.Statistics.Failure = new InvalidOperationException("password=hunter2");
        var (status, body, mediaType) = await host.AskAsync(address);

        Assert.Equal((500, "application/problem+json"), (status, mediaType));
        Assert.DoesNotContain("hunter2", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_in_time_can_be_asked_again()
    {
        await using var host = await ApiHost.StartAsync();
        host.Statistics.Failure = new TimeoutException("silo 3");
        var (status, body, _) = await host.AskAsync("/v1/courses/112");

        Assert.Equal((503, "The question can be repeated."), (status, (string?)body["detail"]));
    }

    [Theory]
    [InlineData("/v1/courses/112")]
    [InlineData("/v1/courses/112/live")]
    [InlineData("/v1/export")]
    public async Task What_the_storage_does_not_give_just_now_can_be_asked_again(string address)
    {
        await using var host = await ApiHost.StartAsync();
        var away = new StatisticsUnavailableException("The storage does not answer.");
        (host.Statistics.Failure, host.Statistics.Rows) = (away, [away]);
        var (status, body, mediaType) = await host.AskAsync(address);

        Assert.Equal((503, "application/problem+json", "Not now.", "The storage does not answer."), (status, mediaType, (string?)body["title"], (string?)body["detail"]));
    }

    [Fact]
    public async Task The_server_is_ready_only_when_it_answers_questions()
    {
        await using var host = await ApiHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/readyz")).StatusCode);

        host.Statistics.Failure = new TimeoutException("silo 3");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Client.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/healthz")).StatusCode);
    }
}
