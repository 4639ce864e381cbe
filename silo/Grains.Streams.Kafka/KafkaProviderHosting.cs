using Grains.Streams.Kafka.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace Grains.Streams.Kafka;

/// <summary>Registers Orleans streams on a Kafka topic: <c>GetStreamProvider(name)</c>, <c>[ImplicitStreamSubscription]</c>, <c>IAsyncStream&lt;T&gt;</c>.</summary>
public static class KafkaProviderHosting
{
    /// <summary>Registers a provider whose streams are produced and consumed in this silo's cluster.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="configure">Sets at least brokers, topic and group.</param>
    public static ISiloBuilder AddKafkaStreams(this ISiloBuilder silo, string name, Action<KafkaProviderOptions> configure) => silo.AddKafkaStreams(name, configure, static _ => { });

    /// <summary>Registers a provider through which a client of a cluster produces, and consumes what the cluster's silos deliver to it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The provider's name, the same as in the silos.</param>
    /// <param name="configure">Sets at least brokers, topic and group, as in the silos.</param>
    public static IClientBuilder AddKafkaStreams(this IClientBuilder client, string name, Action<KafkaProviderOptions> configure) => client.AddKafkaStreams(name, configure, static _ => { });

    /// <summary>Registers a provider whose streams are produced and consumed in this silo's cluster.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="configure">Sets at least brokers, topic and group.</param>
    /// <param name="streams">Sets what Orleans has of its own: balancer, kind of subscriptions (<c>ImplicitOnly</c> spares the storage of subscriptions), back-off of deliveries.</param>
    public static ISiloBuilder AddKafkaStreams(this ISiloBuilder silo, string name, Action<KafkaProviderOptions> configure, Action<ISiloPersistentStreamConfigurator> streams)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddOptions<KafkaProviderOptions>(name).Configure(configure);
        var configurator = new SiloPersistentStreamConfigurator(name, services => silo.ConfigureServices(services), KafkaAdapterFactory.Create);
        configurator.ConfigurePullingAgent(agent => agent.Configure<IOptionsMonitor<KafkaProviderOptions>>((pulling, options) =>
        {
            pulling.GetQueueMsgsTimerPeriod = options.Get(name).PollInterval;
            pulling.MaxEventDeliveryTime = options.Get(name).DeliveryLimit;
        }));
        // Orleans' own balancer, the unnamed one; a balancer that is set below takes this one's place.
        configurator.ConfigurePartitionBalancing(static (services, _) => new PartitionBalancer(services.GetRequiredService<IStreamQueueBalancer>()));
        streams(configurator);
        return silo;
    }

    /// <summary>Registers a provider through which a client of a cluster produces, and consumes what the cluster's silos deliver to it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The provider's name, the same as in the silos.</param>
    /// <param name="configure">Sets at least brokers, topic and group, as in the silos.</param>
    /// <param name="streams">Sets what Orleans has of its own.</param>
    public static IClientBuilder AddKafkaStreams(this IClientBuilder client, string name, Action<KafkaProviderOptions> configure, Action<IClusterClientPersistentStreamConfigurator> streams)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.Services.AddOptions<KafkaProviderOptions>(name).Configure(configure);
        var configurator = new ClusterClientPersistentStreamConfigurator(name, client, KafkaAdapterFactory.Create);
        streams(configurator);
        return client;
    }
}
