using System.Net;
using Grains.Api;
using Grains.Courses;
using Grains.Silo.Tutorial;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>The silo that serves: reads, answers on the page and the API, until it is told to stop.</summary>
internal static class LiveSilo
{
    // Alone, Ctrl-C ends the process within five seconds, whatever hangs.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(SiloSettings settings, IConfigurationRoot configuration, CancellationToken cancellationToken)
    {
        await using var app = Build(settings, configuration);
        await app.StartAsync(cancellationToken);
        Greeting.Print(settings, app.Urls.First());
        await app.WaitForShutdownAsync(cancellationToken);
        return app.Services.GetRequiredService<ReadingService>().Failure is { } failure ? throw failure : 0;
    }

    private static WebApplication Build(SiloSettings settings, IConfigurationRoot configuration)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders();
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        // What ends the start or the run is said once, by Fault.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (settings.Http == 0) kestrel.Listen(IPAddress.Loopback, 0);
            else kestrel.ListenLocalhost(settings.Http);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.IsClustered ? settings.Cluster.ShutdownTimeout : ShutdownTimeout);
        builder.Services.AddCourses(settings);
        builder.Services.AddGrainsApi();
        builder.UseOrleans(silo => silo
            .UseCluster(settings)
            .AddStream(CourseServices.Define)
            .AddCourseStatistics());
        // Order matters: services stop in reverse, so reading ends, and what was read becomes durable, before the grains go.
        if (settings.TutorialTables.Enabled) builder.Services.AddHostedService(provider => provider.GetRequiredService<TutorialTables>());
        builder.Services.AddSingleton<ReadingService>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ReadingService>());

        var app = builder.Build();
        app.MapGrainsApi();
        return app;
    }
}
