using System.Diagnostics.Metrics;
using Grains.Abstractions;
using Grains.Courses;
using Grains.Silo.Tutorial;
using Grains.Storage.HBase;
using Grains.Storage.Postgres;
using Grains.Storage.Sqlite;
using Grains.Streams;
using Grains.Streams.Kafka;
using Grains.Streams.Storage;
using Grains.Weblog;
using Grains.Weblog.Traffic;
using Grains.Windows;

namespace Grains.Silo;

/// <summary>What counts courses in one process, whether it serves or runs once: the storage, the engine, the source.</summary>
internal static class CourseServices
{
    private const string CourseTables = "course";
    private const string SourceTables = "source";

    public static IServiceCollection AddCourses(this IServiceCollection services, SiloSettings settings)
    {
        // The generated site's own pages are not another site's.
        if (settings is { Input: null, ReadsKafka: false } && settings.Weblog.OwnHosts.Count == 0) settings.Weblog.OwnHosts = [TrafficGenerator.OwnHost];
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddStorage(settings);
        services.AddSingleton<CourseVocabulary>();
        services.AddSingleton<EventClock>();
        services.AddSingleton<RefusedLines>();
        services.AddDeadLetters(settings);
        services.AddSingleton(provider => new WindowRules(provider.GetRequiredService<CourseVocabulary>(), settings.Windows));
        services.AddSingleton(provider => new LogLineParserFactory(settings.Weblog, provider.GetRequiredService<CourseVocabulary>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(settings.Streams);
        services.AddSingleton(settings.Cells);
        services.AddSingleton<CourseExport>();
        services.AddReading(settings);
        return services;
    }

    private static void AddReading(this IServiceCollection services, SiloSettings settings)
    {
        if (settings.ReadsKafka)
        {
            settings.Kafka.Once = settings.Once;
            settings.Kafka.InstanceId ??= settings.Cluster.Name;
            services.AddSingleton(provider => new KafkaReader<CourseState, CourseEvent>(
                provider.GetRequiredService<StreamEngine<CourseState, CourseEvent>>(),
                settings.Kafka,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<IMeterFactory>(),
                provider.GetRequiredService<ILoggerFactory>()));
            services.AddSingleton<IReading, TopicReading>();
            return;
        }

        services.AddSingleton<IReading, SourceReading>();
        services.AddSingleton(provider => LogSources.Create(settings, provider.GetRequiredKeyedService<IBatchedSnapshots>(SourceTables), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
    }

    /// <summary>The stream of course views, from what is in the container.</summary>
    public static StreamDefinition<CourseState, CourseEvent> Define(IServiceProvider provider) => CourseStream.Define(
        provider.GetRequiredService<LogLineParserFactory>(),
        provider.GetRequiredService<WindowRules>(),
        provider.GetRequiredService<EventClock>(),
        provider.GetRequiredService<CourseVocabulary>());

    private static void AddStorage(this IServiceCollection services, SiloSettings settings)
    {
        if (settings.KeepsInHBase)
        {
            services.AddHBaseStorage(_ => settings.HBase);
            services.AddHBaseSnapshots(CourseTables).AddHBaseSnapshots(SourceTables);
        }
        else if (settings.KeepsInPostgres)
        {
            services.AddPostgresStorage(_ => settings.Postgres);
            services.AddPostgresSnapshots(CourseTables).AddPostgresSnapshots(SourceTables);
        }
        else
        {
            services.AddSqliteDatabase(_ => new SqliteOptions { Path = Path.Combine(settings.Data, "grains.db") });
            services.AddSqliteSnapshots(CourseTables).AddSqliteSnapshots(SourceTables);
        }

        if (settings is { KeepsInHBase: true, TutorialTables.Enabled: true })
        {
            services.AddTutorialTables(settings);
            return;
        }

        services.AddSingleton(provider => provider.GetRequiredKeyedService<IBatchedSnapshots>(CourseTables));
        services.AddSingleton(provider => provider.GetRequiredKeyedService<IHistoryRows>(CourseTables));
    }

    private static void AddTutorialTables(this IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton(settings.TutorialTables);
        services.AddSingleton<ChangedCourses>();
        services.AddSingleton<IBatchedSnapshots>(provider => new WatchedSnapshots(provider.GetRequiredKeyedService<IBatchedSnapshots>(CourseTables), provider.GetRequiredService<ChangedCourses>()));
        services.AddSingleton<IHistoryRows>(provider => new WatchedHistory(provider.GetRequiredKeyedService<IHistoryRows>(CourseTables), provider.GetRequiredService<ChangedCourses>()));
        services.AddSingleton(provider => new DayCountReader(
            provider.GetRequiredService<IBatchedSnapshots>(), provider.GetRequiredService<IHistoryRows>(), provider.GetRequiredService<CourseVocabulary>(), settings.TutorialTables.UtcOffset));
        services.AddSingleton<TutorialTables>();
    }

    // Samples always; every refused record to a topic, where one is named.
    private static void AddDeadLetters(this IServiceCollection services, SiloSettings settings) => services.AddSingleton<IDeadLetters>(provider =>
    {
        var samples = provider.GetRequiredService<RefusedLines>();
        return settings is { ReadsKafka: true, Kafka.DeadLetterTopic: not null }
            ? new BothDeadLetters(samples, new KafkaDeadLetters(settings.Kafka, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()))
            : samples;
    });
}
