using System.Diagnostics.Metrics;
using Grains.Streams.Cluster;
using Grains.Streams.Pumps;
using Grains.Streams.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Grains.Streams;

/// <summary>Registers a stream. Needed beside it in the container: <see cref="IBatchedSnapshots"/>, <see cref="IHistoryRows"/>, <see cref="IDeadLetters"/>, <see cref="StreamOptions"/>, <see cref="CellOptions"/>.</summary>
public static class StreamHosting
{
    /// <summary>Registers a stream of this process alone, without a silo.</summary>
    public static IServiceCollection AddStream<TState, TEvent>(this IServiceCollection services, Func<IServiceProvider, StreamDefinition<TState, TEvent>> define)
        where TState : class, IKeyedState<TEvent>
        where TEvent : unmanaged =>
        services.AddEngine(define, static (_, _) => new OneSilo<TEvent>());

    /// <summary>Registers a stream whose keys are spread over the silos of the cluster. Grains marked with <see cref="OwnerPlacementAttribute"/> live beside the cell of their key.</summary>
    public static ISiloBuilder AddStream<TState, TEvent>(this ISiloBuilder silo, Func<IServiceProvider, StreamDefinition<TState, TEvent>> define)
        where TState : class, IKeyedState<TEvent>
        where TEvent : unmanaged
    {
        silo.Services.TryAddSingleton<SiloRing>();
        silo.Services.TryAddSingleton<IKeyOwners>(static services => services.GetRequiredService<SiloRing>());
        silo.Services.TryAddSingleton<CellDoors>();
        silo.Services.TryAddSingleton<CellGrainServiceClient>();
        silo.AddPlacementDirector<OwnerPlacement, OwnerPlacementDirector>();
        silo.AddGrainService<CellGrainService>();
        silo.Services.AddEngine(define, static (services, definition) => new SiloRoutes<TEvent>(
            definition.Name,
            services.GetRequiredService<SiloRing>(),
            services.GetRequiredService<ILocalSiloDetails>(),
            services.GetRequiredService<CellGrainServiceClient>(),
            definition.Codec));
        return silo;
    }

    private static IServiceCollection AddEngine<TState, TEvent>(
        this IServiceCollection services, Func<IServiceProvider, StreamDefinition<TState, TEvent>> define, Func<IServiceProvider, StreamDefinition<TState, TEvent>, ICellRoutes<TEvent>> routes)
        where TState : class, IKeyedState<TEvent>
        where TEvent : unmanaged
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(define);
        services.AddSingleton(provider =>
        {
            var definition = provider.GetRequiredService<StreamDefinition<TState, TEvent>>();
            return new StreamEngine<TState, TEvent>(
                definition,
                provider.GetRequiredService<IBatchedSnapshots>(),
                provider.GetRequiredService<IHistoryRows>(),
                provider.GetRequiredService<IDeadLetters>(),
                provider.GetRequiredService<StreamOptions>(),
                provider.GetRequiredService<CellOptions>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<IMeterFactory>(),
                provider.GetRequiredService<ILoggerFactory>(),
                routes(provider, definition),
                provider.GetService<CellDoors>());
        });
        services.AddSingleton(provider => provider.GetRequiredService<StreamEngine<TState, TEvent>>().Cells);
        return services;
    }
}
