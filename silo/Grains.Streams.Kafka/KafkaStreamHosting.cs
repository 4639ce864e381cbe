using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka;

/// <summary>Registers a stream that is fed from a topic. Needed beside it in the container: what <see cref="StreamHosting"/> says, but for the dead letters.</summary>
public static class KafkaStreamHosting
{
    /// <summary>Registers a stream of this process alone, its reader, and where refused records go.</summary>
    public static IServiceCollection AddKafkaStream<TState, TEvent>(
        this IServiceCollection services, Func<IServiceProvider, StreamDefinition<TState, TEvent>> define, Func<IServiceProvider, KafkaStreamOptions> options)
        where TState : class, IKeyedState<TEvent>
        where TEvent : unmanaged =>
        services.AddStream(define).AddKafkaReader<TState, TEvent>(options);

    /// <summary>Registers a stream whose keys are spread over the silos of the cluster, its reader, and where refused records go.</summary>
    public static ISiloBuilder AddKafkaStream<TState, TEvent>(this ISiloBuilder silo, Func<IServiceProvider, StreamDefinition<TState, TEvent>> define, Func<IServiceProvider, KafkaStreamOptions> options)
        where TState : class, IKeyedState<TEvent>
        where TEvent : unmanaged
    {
        silo.AddStream(define).Services.AddKafkaReader<TState, TEvent>(options);
        return silo;
    }

    /// <summary>Registers the reader of a stream that is registered already, and where refused records go unless <see cref="IDeadLetters"/> are registered already.</summary>
    public static IServiceCollection AddKafkaReader<TState, TEvent>(this IServiceCollection services, Func<IServiceProvider, KafkaStreamOptions> options)
        where TState : class, IKeyedState<TEvent>
        where TEvent : unmanaged
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<IDeadLetters>(static provider => new KafkaDeadLetters(
            provider.GetRequiredService<KafkaStreamOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(static provider => new KafkaReader<TState, TEvent>(
            provider.GetRequiredService<StreamEngine<TState, TEvent>>(),
            provider.GetRequiredService<KafkaStreamOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<IHostApplicationLifetime>()));
        // Order matters: the host stops its services in reverse, so this one ends before the silo that was registered earlier.
        services.AddHostedService(static provider => provider.GetRequiredService<KafkaReader<TState, TEvent>>());
        return services;
    }
}
