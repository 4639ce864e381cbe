using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grains.Tests.Unit.Cli;

/// <summary>A server that answers every question with the same bytes, and keeps the questions.</summary>
internal sealed class CannedServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ConcurrentQueue<string> _questions = [];

    private CannedServer(WebApplication host, int status, string mediaType, string body, bool breaksOff)
    {
        _host = host;
        host.Run(async context =>
        {
            _questions.Enqueue(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            context.Response.StatusCode = status;
            context.Response.ContentType = mediaType;
            await context.Response.WriteAsync(body);
            await context.Response.Body.FlushAsync();
            if (breaksOff) context.Abort();
        });
    }

    public string Address => _host.Urls.First();

    public string[] Questions => [.. _questions];

    public static async Task<CannedServer> StartAsync(string body, string mediaType = "application/json", int status = 200, bool breaksOff = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new CannedServer(builder.Build(), status, mediaType, body, breaksOff);
        await server._host.StartAsync();
        return server;
    }

    /// <summary>Runs a command line against this server.</summary>
    public Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(Address, isTerminal: false, arguments);

    /// <summary>Runs a command line against this server, as in a terminal of 100 columns.</summary>
    public Task<CommandRun> RunInTerminalAsync(params string[] arguments) => CommandRun.OfAsync(Address, isTerminal: true, arguments);

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
