using Grains.Streams.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Grains.Storage.Postgres;

/// <summary>Registration with a host and a silo.</summary>
public static class PostgresStorageExtensions
{
    /// <summary>Adds the database; wrong options are reported, all at once, when it is first asked for. It needs Orleans' serializer in the container, which a silo brings.</summary>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services, Func<IServiceProvider, PostgresOptions> options) =>
        services.AddSingleton(provider => new PostgresDatabase(options(provider), provider));

    /// <summary>Adds snapshots and history rows of a name, keyed by that name, in the database added with <see cref="AddPostgresStorage(IServiceCollection, Func{IServiceProvider, PostgresOptions})"/>.</summary>
    public static IServiceCollection AddPostgresSnapshots(this IServiceCollection services, string name) => services
        .AddKeyedSingleton<IBatchedSnapshots>(name, (provider, _) => new PostgresSnapshots(provider.GetRequiredService<PostgresDatabase>(), name))
        .AddKeyedSingleton<IHistoryRows>(name, (provider, _) => new PostgresHistory(provider.GetRequiredService<PostgresDatabase>(), name));

    /// <summary>Adds a storage for grain states in the database added with <see cref="AddPostgresStorage(IServiceCollection, Func{IServiceProvider, PostgresOptions})"/>.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The storage's name. Storages of a database share its rows, whatever their names: a state is known by grain type, state name and key.</param>
    /// <param name="configure">Sets its options.</param>
    public static ISiloBuilder AddPostgresGrainStorage(this ISiloBuilder silo, string name, Action<PostgresGrainStorageOptions>? configure = null)
    {
        var options = silo.Services.AddOptions<PostgresGrainStorageOptions>(name);
        if (configure is not null) options.Configure(configure);
        silo.Services.AddTransient<IPostConfigureOptions<PostgresGrainStorageOptions>, DefaultStorageProviderSerializerOptionsConfigurator<PostgresGrainStorageOptions>>();
        silo.Services.AddGrainStorage(name, static (provider, name) => new PostgresGrainStorage(
            provider.GetRequiredService<PostgresDatabase>(),
            provider.GetRequiredService<IOptionsMonitor<PostgresGrainStorageOptions>>().Get(name).GrainStorageSerializer));
        return silo;
    }

    /// <summary>Adds all of it: the database, a storage for grain states, snapshots and history rows, the last three keyed by <paramref name="name"/>.</summary>
    public static ISiloBuilder AddPostgresStorage(this ISiloBuilder silo, string name, PostgresOptions options)
    {
        silo.Services.AddPostgresStorage(_ => options).AddPostgresSnapshots(name);
        return silo.AddPostgresGrainStorage(name);
    }

    /// <summary>Keeps the cluster's membership in PostgreSQL, through Orleans' AdoNet clustering. The tables are installed before the silo joins, unless <see cref="PostgresOptions.InstallSchema"/> is off.</summary>
    /// <remarks>Connections are its own, so that a batch of rows cannot hold up a sign of life. A server that cannot be reached ends the silo's start with a <see cref="SnapshotStorageException"/>.</remarks>
    /// <exception cref="ArgumentException">Options are wrong; the message names all faults.</exception>
    public static ISiloBuilder UsePostgresClustering(this ISiloBuilder silo, PostgresOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = options.Connect("membership", MembershipConnections).ConnectionString;
        if (options.InstallSchema) silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new SchemaInstallation(options.ConnectionString));
        return silo.UseAdoNetClustering((Orleans.Configuration.AdoNetClusteringSiloOptions clustering) => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", connection));
    }

    private const int MembershipConnections = 4;
}
