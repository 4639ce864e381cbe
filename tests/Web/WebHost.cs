using Grains.Abstractions.Questions;
using Grains.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grains.Tests.Web;

/// <summary>The API and its page with made-up statistics, on a port of this machine.</summary>
internal static class WebHost
{
    /// <summary>Starts it; its address is the only one of <see cref="WebApplication.Urls"/>.</summary>
    public static async Task<WebApplication> StartAsync(ICourseStatistics statistics, string address = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls(address);
        builder.Services.AddSingleton(statistics);
        builder.Services.AddGrainsApi();
        var host = builder.Build();
        host.MapGrainsApi();
        await host.StartAsync();
        return host;
    }
}
