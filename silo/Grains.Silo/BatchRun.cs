using System.Diagnostics;
using Grains.Abstractions;
using Grains.Courses;
using Grains.Silo.Tutorial;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>Reads a log to its present end, makes everything durable, writes the export and a summary. Opens no port.</summary>
internal static class BatchRun
{
    public static async Task<int> RunAsync(SiloSettings settings, IConfigurationRoot configuration, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddFilter("Grains", LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        services.AddCourses(settings);
        services.AddStream(CourseServices.Define);
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<StreamEngine<CourseState, CourseEvent>>();
        var reading = provider.GetRequiredService<IReading>();

        using var process = Process.GetCurrentProcess();
        var (began, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await reading.StartAsync(cancellationToken);
        await BatchProgress.ShowUntilDoneAsync(reading.Completion, engine, cancellationToken);
        await reading.StopAsync(CancellationToken.None);
        if (provider.GetService<TutorialTables>() is { } tables) await tables.FlushAsync(cancellationToken);
        process.Refresh();
        var report = new BatchReport(engine.Report(), engine.Written, engine.Cells.Count, Stopwatch.GetElapsedTime(began), process.TotalProcessorTime - processor, BatchReport.MeasurePeak());
        cancellationToken.ThrowIfCancellationRequested();

        if (settings.Export is { } path) await ExportFile.WriteAsync(path, provider.GetRequiredService<CourseExport>().ReadAsync(cancellationToken), cancellationToken);
        await Console.Out.WriteLineAsync(settings.Report == "json" ? report.ToJson() : report.ToText());
        return 0;
    }
}
