using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grains.Abstractions.Questions;
using Grains.Api;
using Grains.Api.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grains.Tests.Unit.Api;

/// <summary>The API on a port of this machine, with made-up statistics and a clock that only the test moves.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _host;

    private ApiHost(WebApplication host)
    {
        _host = host;
        Client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
    }

    public HttpClient Client { get; }

    public FakeStatistics Statistics => (FakeStatistics)_host.Services.GetRequiredService<ICourseStatistics>();

    public ArmedClock Clock => (ArmedClock)_host.Services.GetRequiredService<TimeProvider>();

    public LiveAnswers Live => _host.Services.GetRequiredService<LiveAnswers>();

    public static async Task<ApiHost> StartAsync(Action<GrainsApiOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(new ArmedClock());
        builder.Services.AddSingleton<ICourseStatistics>(new FakeStatistics());
        builder.Services.AddGrainsApi();
        if (configure is not null) builder.Services.Configure(configure);
        var host = builder.Build();
        host.MapGrainsApi();
        await host.StartAsync();
        return new ApiHost(host);
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Asks, and reads a JSON answer of any status.</summary>
    public async Task<(int Status, JsonNode Body, string? MediaType)> AskAsync(string question)
    {
        using var response = await Client.GetAsync(question);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!, response.Content.Headers.ContentType?.MediaType);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}
