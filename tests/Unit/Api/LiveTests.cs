using System.Net;
using Grains.Api;
using Xunit;

namespace Grains.Tests.Unit.Api;

public sealed class LiveTests
{
    private static readonly TimeSpan Interval = new GrainsApiOptions().LiveInterval;
    private static readonly TimeSpan KeepAlive = new GrainsApiOptions().KeepAlive;

    [Fact]
    public async Task The_first_event_comes_at_once_and_the_next_when_numbers_have_changed()
    {
        var interval = TimeSpan.FromSeconds(10);
        await using var host = await ApiHost.StartAsync(options => options.LiveInterval = interval);
        await using var reader = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live");
        Assert.Equal("text/event-stream", reader.MediaType);
        Assert.Equal(("course", 123), Read(await reader.NextAsync()));

        // Seconds 10 and 20: asked, and nothing has changed. Second 25: the line still stands. An event that should not be would come before that.
        await host.Clock.ArmedAsync(interval, 1);
        await host.Clock.ArmedAsync(KeepAlive, 1);
        host.Clock.Advance(interval);
        // The feed's first answer wakes the listener, who has it already and begins to wait anew.
        await host.Clock.ArmedAsync(KeepAlive, 2);
        await host.Clock.ArmedAsync(interval, 2);
        host.Clock.Advance(interval);
        await host.Clock.ArmedAsync(interval, 3);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("alive", null), await reader.NextAsync());

        // Second 30.
        host.Statistics.Views = 124;
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("course", 124), Read(await reader.NextAsync()));
        Assert.Equal(4, host.Statistics.Questions.Length);
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_interval_is_over()
    {
        await using var host = await ApiHost.StartAsync();
        await using var reader = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live");
        await reader.NextAsync();
        await host.Clock.ArmedAsync(Interval, 1);
        host.Statistics.Views = 124;
        host.Clock.Advance(Interval - TimeSpan.FromMilliseconds(1));
        Assert.Single(host.Statistics.Questions);

        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(("course", 124), Read(await reader.NextAsync()));
    }

    [Fact]
    public async Task Without_news_a_listener_is_told_that_the_line_stands()
    {
        await using var host = await ApiHost.StartAsync(options => options.LiveInterval = TimeSpan.FromHours(1));
        await using var reader = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live");
        await reader.NextAsync();
        await host.Clock.ArmedAsync(KeepAlive, 1);
        host.Clock.Advance(KeepAlive);

        Assert.Equal(("alive", null), await reader.NextAsync());
    }

    [Fact]
    public async Task Listeners_with_the_same_question_share_it()
    {
        await using var host = await ApiHost.StartAsync();
        await using var one = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live?window=1d");
        await using var other = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live?window=1d");
        await one.NextAsync();
        await other.NextAsync();
        Assert.Equal((2, 1), (host.Live.Listeners, host.Live.Feeds));

        await host.Clock.ArmedAsync(Interval, 1);
        await host.Clock.ArmedAsync(KeepAlive, 2);
        host.Statistics.Views = 124;
        host.Clock.Advance(Interval);
        Assert.Equal(("course", 124), Read(await one.NextAsync()));
        Assert.Equal(("course", 124), Read(await other.NextAsync()));
        // One each at the beginning, and one for both.
        Assert.Equal(3, host.Statistics.Questions.Length);
    }

    [Fact]
    public async Task When_the_last_listener_has_left_nothing_is_asked_any_more()
    {
        await using var host = await ApiHost.StartAsync();
        var reader = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live");
        await reader.NextAsync();
        await host.Clock.ArmedAsync(Interval, 1);
        await reader.DisposeAsync();
        await Eventually.IsTrueAsync(() => host.Live is { Listeners: 0, Feeds: 0 });

        host.Clock.Advance(Interval);
        Assert.Single(host.Statistics.Questions);
    }

    [Fact]
    public async Task A_stream_ends_with_the_host()
    {
        await using var host = await ApiHost.StartAsync();
        await using var reader = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live");
        await reader.NextAsync();
        var stopping = host.StopAsync();

        Assert.True(await reader.EndsAsync());
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_question_that_fails_breaks_the_stream_off()
    {
        await using var host = await ApiHost.StartAsync();
        await using var reader = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live");
        await reader.NextAsync();
        await host.Clock.ArmedAsync(Interval, 1);
        host.Statistics.Failure = new TimeoutException("silo 3");
        host.Clock.Advance(Interval);

        await Assert.ThrowsAnyAsync<IOException>(reader.NextAsync);
    }

    [Fact]
    public async Task There_is_room_for_so_many_listeners_and_no_more()
    {
        await using var host = await ApiHost.StartAsync(options => options.MaxListeners = 1);
        var reader = await EventReader.OpenAsync(host.Client, "/v1/live");
        await reader.NextAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Client.GetAsync("/v1/courses/112/live")).StatusCode);

        await reader.DisposeAsync();
        await Eventually.IsTrueAsync(() => host.Live.Listeners == 0);
        await using var next = await EventReader.OpenAsync(host.Client, "/v1/courses/112/live");
        await next.NextAsync();
    }

    [Fact]
    public async Task The_overview_tells_the_top_courses_and_the_status()
    {
        await using var host = await ApiHost.StartAsync();
        await using var reader = await EventReader.OpenAsync(host.Client, "/v1/live?top=3&window=all");
        var (name, overview) = await reader.NextAsync();
        Assert.Equal(("overview", 123, 100), (name, (int)overview!["top"]!["courses"]![0]!["views"]!, (int)overview["status"]!["records"]!));

        await host.Clock.ArmedAsync(Interval, 1);
        host.Statistics.Views = 130;
        host.Clock.Advance(Interval);
        Assert.Equal(130, (int)(await reader.NextAsync()).Data!["top"]!["courses"]![0]!["views"]!);
    }

    private static (string Name, int Views) Read((string Name, System.Text.Json.Nodes.JsonNode? Data) item) => (item.Name, (int)item.Data!["views"]!);
}
