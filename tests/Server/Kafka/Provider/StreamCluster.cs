using Confluent.Kafka;
using Grains.Streams.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Providers;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Silos and a client in this process, with streams on a topic of the shared broker.</summary>
internal sealed class StreamCluster : IAsyncDisposable
{
    public const string Name = "kafka";

    private readonly KafkaProviderOptions _options;
    private readonly InProcessTestCluster _cluster;

    private StreamCluster(KafkaProviderOptions options, InProcessTestCluster cluster, TestLog log) => (_options, _cluster, Log) = (options, cluster, log);

    public TestLog Log { get; }

    public IClusterClient Client => _cluster.Client;

    public InProcessTestCluster Cluster => _cluster;

    public static async Task<StreamCluster> StartAsync(string bootstrap, string topic, short silos = 1, Action<KafkaProviderOptions>? configure = null, Action<ISiloPersistentStreamConfigurator>? streams = null, TestLog? log = null)
    {
        log ??= new TestLog();
        var options = new KafkaProviderOptions();
        Configure(options);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) => silo
            .AddMemoryGrainStorage("PubSubStore")
            .AddKafkaStreams(Name, Configure, configurator =>
            {
                configurator.ConfigureBackoffProvider((_, _) => new Backoff());
                streams?.Invoke(configurator);
            })
            .Services.AddLogging(logging => logging.AddProvider(log).AddFilter<TestLog>("Grains", LogLevel.Debug)));
        builder.ConfigureClient(client => client.AddKafkaStreams(Name, Configure));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new StreamCluster(options, cluster, log);

        void Configure(KafkaProviderOptions provider)
        {
            provider.Kafka.BootstrapServers = bootstrap;
            provider.Kafka.Topic = topic;
            provider.Kafka.Group = topic;
            provider.CommitInterval = TimeSpan.FromMilliseconds(100);
            provider.Kafka.RetryDelay = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(provider);
        }
    }

    public IAsyncStream<string?> Stream(string streamNamespace, string key) => Client.GetStreamProvider(Name).GetStream<string?>(streamNamespace, key);

    /// <summary>What the group has committed of a partition; -1 for nothing.</summary>
    public long Committed(int partition = 0)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _options.Kafka.BootstrapServers, GroupId = _options.Kafka.Group }).Build();
        var committed = consumer.Committed([new TopicPartition(_options.Kafka.Topic, partition)], TimeSpan.FromSeconds(10))[0].Offset;
        return committed.Value < 0 ? -1 : committed.Value;
    }

    /// <summary>Waits until a partition is committed up to a position, exactly.</summary>
    public Task UntilCommittedAsync(long position, int partition = 0) => Ledger.UntilAsync(() => Committed(partition) == position, () => $"committed is {Committed(partition)}, wanted {position}\n{Log}");

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    private sealed class Backoff : IMessageDeliveryBackoffProvider
    {
        public TimeSpan Next(int attempt) => TimeSpan.FromMilliseconds(50);
    }
}
