using Grains.Streams.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Grains.Storage.HBase;

/// <summary>Registration with a host and a silo.</summary>
public static class HBaseStorageExtensions
{
    /// <summary>Adds the database; wrong options are reported, all at once, when it is first asked for.</summary>
    public static IServiceCollection AddHBaseStorage(this IServiceCollection services, Func<IServiceProvider, HBaseStorageOptions> options) =>
        services.AddSingleton(provider => new HBaseDatabase(options(provider), provider.GetService<TimeProvider>()));

    /// <summary>Adds snapshots and history rows of a name, keyed by that name, in the database added with <see cref="AddHBaseStorage(IServiceCollection, Func{IServiceProvider, HBaseStorageOptions})"/>.</summary>
    public static IServiceCollection AddHBaseSnapshots(this IServiceCollection services, string name) => services
        .AddKeyedSingleton<IBatchedSnapshots>(name, (provider, _) => new HBaseSnapshots(provider.GetRequiredService<HBaseDatabase>(), name))
        .AddKeyedSingleton<IHistoryRows>(name, (provider, _) => new HBaseHistory(provider.GetRequiredService<HBaseDatabase>(), name));

    /// <summary>Adds a storage for grain states in the database added with <see cref="AddHBaseStorage(IServiceCollection, Func{IServiceProvider, HBaseStorageOptions})"/>.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The storage's name, and the first part of its table's.</param>
    /// <param name="configure">Sets its options.</param>
    public static ISiloBuilder AddHBaseGrainStorage(this ISiloBuilder silo, string name, Action<HBaseGrainStorageOptions>? configure = null)
    {
        var options = silo.Services.AddOptions<HBaseGrainStorageOptions>(name);
        if (configure is not null) options.Configure(configure);
        silo.Services.AddTransient<IPostConfigureOptions<HBaseGrainStorageOptions>, DefaultStorageProviderSerializerOptionsConfigurator<HBaseGrainStorageOptions>>();
        silo.Services.AddGrainStorage(name, static (provider, name) => new HBaseGrainStorage(
            provider.GetRequiredService<HBaseDatabase>(),
            name,
            provider.GetRequiredService<IOptionsMonitor<HBaseGrainStorageOptions>>().Get(name).GrainStorageSerializer,
            provider.GetRequiredService<IActivatorProvider>()));
        return silo;
    }

    /// <summary>Adds the database and a storage for grain states in it.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The storage's name.</param>
    /// <param name="configure">Sets the database's options.</param>
    public static ISiloBuilder AddHBaseStorage(this ISiloBuilder silo, string name, Action<HBaseStorageOptions> configure)
    {
        silo.Services.AddHBaseStorage(_ =>
        {
            var options = new HBaseStorageOptions();
            configure(options);
            return options;
        });
        return silo.AddHBaseGrainStorage(name);
    }
}
