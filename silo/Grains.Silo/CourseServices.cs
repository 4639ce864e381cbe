using Grains.Abstractions;
using Grains.Courses;
using Grains.Storage.Sqlite;
using Grains.Streams;
using Grains.Streams.Storage;
using Grains.Weblog;
using Grains.Windows;

namespace Grains.Silo;

/// <summary>What counts courses in one process, whether it serves or runs once: the storage, the engine, the source.</summary>
internal static class CourseServices
{
    private const string CourseTables = "course";
    private const string SourceTables = "source";

    public static IServiceCollection AddCourses(this IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSqliteDatabase(_ => new SqliteOptions { Path = Path.Combine(settings.Data, "grains.db") });
        services.AddSingleton<IBatchedSnapshots>(provider => new SqliteSnapshots(provider.GetRequiredService<SqliteDatabase>(), CourseTables));
        services.AddKeyedSingleton<IBatchedSnapshots>(SourceTables, (provider, _) => new SqliteSnapshots(provider.GetRequiredService<SqliteDatabase>(), SourceTables));
        services.AddSingleton<IHistoryRows>(provider => new SqliteHistory(provider.GetRequiredService<SqliteDatabase>(), CourseTables));

        services.AddSingleton<CourseVocabulary>();
        services.AddSingleton<EventClock>();
        services.AddSingleton<RefusedLines>();
        services.AddSingleton<IDeadLetters>(provider => provider.GetRequiredService<RefusedLines>());
        services.AddSingleton(provider => new WindowRules(provider.GetRequiredService<CourseVocabulary>(), settings.Windows));
        services.AddSingleton(provider => new LogLineParserFactory(settings.Weblog, provider.GetRequiredService<CourseVocabulary>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(settings.Streams);
        services.AddSingleton(settings.Cells);
        services.AddSingleton<CourseExport>();
        services.AddSingleton(provider => LogSources.Create(settings, provider.GetRequiredKeyedService<IBatchedSnapshots>(SourceTables), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }

    /// <summary>The stream of course views, from what is in the container.</summary>
    public static StreamDefinition<CourseState, CourseEvent> Define(IServiceProvider provider) => CourseStream.Define(
        provider.GetRequiredService<LogLineParserFactory>(),
        provider.GetRequiredService<WindowRules>(),
        provider.GetRequiredService<EventClock>(),
        provider.GetRequiredService<CourseVocabulary>());
}
