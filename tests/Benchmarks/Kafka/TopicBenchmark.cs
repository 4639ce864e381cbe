using System.Diagnostics.Metrics;
using Grains.Abstractions;
using Grains.Courses;
using Grains.Storage.Sqlite;
using Grains.Streams;
using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Consuming;
using Grains.Streams.Storage;
using Grains.Weblog;
using Grains.Windows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grains.Benchmarks.Kafka;

/// <summary>What a record of a topic costs: read alone, through the batch calls and through <c>Consume()</c>, and counted, durable every second in SQLite. CPU of the whole process, garbage, rate, memory.</summary>
internal static class TopicBenchmark
{
    /// <summary>Arguments: brokers, a topic filled with log lines, what to do (batch, consume, count), and for count uap-core's regexes.yaml and the address database. One run a process, so that its memory is its own.</summary>
    public static Task RunAsync(string bootstrap, string topic, string what, ReadOnlySpan<string> data)
    {
        var options = new KafkaStreamOptions { BootstrapServers = bootstrap, Topic = topic, Group = $"bench-{Guid.NewGuid():n}", Once = true, BatchCalls = what != "consume" };
        return what == "count" ? CountAsync(options, data[0], data[1]) : ReadAsync(options, what);
    }

    private static async Task ReadAsync(KafkaStreamOptions options, string what)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var runs = new List<ReadingRun>();
        using var reading = new KafkaReading(
            options, Started, static (run, cancellationToken) => run.StopAsync(cancellationToken), new KafkaMetrics(services.GetRequiredService<IMeterFactory>(), options, TimeProvider.System, static () => []), TimeProvider.System, NullLogger.Instance);
        using var measure = new RecordMeasure();
        reading.Start();
        await reading.Completion;
        measure.Print(what, runs.Sum(run => run.Records));
        runs.ForEach(static run => run.Dispose());

        PartitionRun Started(IPartitionSource source)
        {
            var run = new ReadingRun(source, static _ => { });
            lock (runs) runs.Add(run);
            return run;
        }
    }

    private static async Task CountAsync(KafkaStreamOptions options, string rules, string regions)
    {
        var folder = Directory.CreateTempSubdirectory("grains-bench-");
        var vocabulary = new CourseVocabulary();
        using var parsers = new LogLineParserFactory(new WeblogOptions { AgentRulesFile = rules, RegionDatabaseFile = regions, FutureTolerance = TimeSpan.FromDays(365) }, vocabulary, TimeProvider.System);
        var windows = new WindowRules(vocabulary, new WindowSettings());
        var clock = new EventClock();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSqliteDatabase(_ => new SqliteOptions { Path = Path.Combine(folder.FullName, "bench.db") })
            .AddSingleton<IBatchedSnapshots>(provider => new SqliteSnapshots(provider.GetRequiredService<SqliteDatabase>(), "course"))
            .AddSingleton<IHistoryRows>(provider => new SqliteHistory(provider.GetRequiredService<SqliteDatabase>(), "course"))
            .AddSingleton(new StreamOptions())
            .AddSingleton(new CellOptions())
            .AddKafkaStream<CourseState, CourseEvent>(_ => CourseStream.Define(parsers, windows, clock, vocabulary), _ => options)
            .BuildServiceProvider();
        var reader = services.GetRequiredService<KafkaReader<CourseState, CourseEvent>>();
        var engine = services.GetRequiredService<StreamEngine<CourseState, CourseEvent>>();
        using var measure = new RecordMeasure();
        await reader.StartAsync(CancellationToken.None);
        await reader.Completion;
        measure.Print("count", engine.Runs.Sum(run => run.Report().Records));
        await reader.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
