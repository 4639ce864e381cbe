using Grains.Streams.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>Registration with a host and a silo.</summary>
public static class SqliteStorageExtensions
{
    /// <summary>Adds the database; it is opened when it is first asked for, and closed with the host.</summary>
    public static IServiceCollection AddSqliteDatabase(this IServiceCollection services, Func<IServiceProvider, SqliteOptions> options) =>
        services.AddSingleton(provider => SqliteDatabase.Open(options(provider), provider.GetService<ILogger<SqliteDatabase>>()));

    /// <summary>Adds snapshots and history rows of a name, keyed by that name, in the database added with <see cref="AddSqliteDatabase"/>.</summary>
    public static IServiceCollection AddSqliteSnapshots(this IServiceCollection services, string name) => services
        .AddKeyedSingleton<IBatchedSnapshots>(name, (provider, _) => new SqliteSnapshots(provider.GetRequiredService<SqliteDatabase>(), name))
        .AddKeyedSingleton<IHistoryRows>(name, (provider, _) => new SqliteHistory(provider.GetRequiredService<SqliteDatabase>(), name));

    /// <summary>Adds a storage for grain states in the database added with <see cref="AddSqliteDatabase"/>.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The storage's name, and its table's: 1 to 40 of a-z, 0-9 and _.</param>
    /// <param name="configure">Sets its options.</param>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder silo, string name, Action<SqliteGrainStorageOptions>? configure = null)
    {
        var options = silo.Services.AddOptions<SqliteGrainStorageOptions>(name);
        if (configure is not null) options.Configure(configure);
        silo.Services.AddTransient<IPostConfigureOptions<SqliteGrainStorageOptions>, DefaultStorageProviderSerializerOptionsConfigurator<SqliteGrainStorageOptions>>();
        silo.Services.AddGrainStorage(name, static (provider, name) => new SqliteGrainStorage(
            provider.GetRequiredService<SqliteDatabase>(),
            name,
            provider.GetRequiredService<IOptionsMonitor<SqliteGrainStorageOptions>>().Get(name).GrainStorageSerializer,
            provider.GetRequiredService<IActivatorProvider>()));
        return silo;
    }
}
