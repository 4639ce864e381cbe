using System.Buffers.Binary;
using System.Globalization;
using Confluent.Kafka;
using Grains.Streams.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grains.Benchmarks.Kafka;

/// <summary>What an event costs on its way through the stream provider to an implicit subscriber on one silo, which keeps nothing. One run a process.</summary>
internal static class ProviderBenchmark
{
    private const int Keys = 1000;
    private const int RecordBytes = 100;
    private const string Namespace = "bench";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Arguments: brokers, an empty topic, how many records, how many events a delivery has at most.</summary>
    public static async Task RunAsync(string bootstrap, string topic, int records, int eventsPerDelivery)
    {
        Fill(bootstrap, topic, records);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: 29621, gatewayPort: 29622)
            .AddKafkaStreams(
                Namespace,
                options =>
                {
                    (options.Kafka.BootstrapServers, options.Kafka.Topic, options.Kafka.Group) = (bootstrap, topic, topic);
                    (options.Decoder, options.EventsPerDelivery) = (new KeyedBytesDecoder(Namespace), eventsPerDelivery);
                },
                static streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly)));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        using var host = builder.Build();
        await host.StartAsync();
        // Activations and compiling are over when each key has had its first event.
        await UntilAsync(Keys);
        using var measure = new RecordMeasure();
        var before = Counter.Events;
        await UntilAsync(records);
        measure.Print($"{eventsPerDelivery} a delivery", Counter.Events - before);
        await host.StopAsync();
    }

    private static async Task UntilAsync(long events)
    {
        while (Counter.Events < events) await Task.Delay(Look, TimeProvider.System);
    }

    private static void Fill(string bootstrap, string topic, int records)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 20, CompressionType = CompressionType.Lz4, Acks = Acks.All, Partitioner = Partitioner.Murmur2, QueueBufferingMaxMessages = records + 1 }).Build();
        for (var number = 0; number < records; number++)
        {
            var value = new byte[RecordBytes];
            BinaryPrimitives.WriteInt32LittleEndian(value, number);
            producer.Produce(topic, new Message<byte[], byte[]> { Key = System.Text.Encoding.ASCII.GetBytes((number % Keys).ToString(CultureInfo.InvariantCulture)), Value = value });
        }

        producer.Flush();
    }
}

/// <summary>Counts what is delivered, of all keys together.</summary>
internal static class Counter
{
    private static long _events;

    public static long Events => Volatile.Read(ref _events);

    public static void Add(int events) => Interlocked.Add(ref _events, events);
}

/// <summary>Has no questions: it is activated by its stream.</summary>
public interface IBenchConsumer : IGrainWithStringKey;

/// <summary>Counts the events of its stream.</summary>
[ImplicitStreamSubscription("bench")]
public sealed class BenchConsumer : Grain, IBenchConsumer, IStreamSubscriptionObserver, IAsyncBatchObserver<byte[]?>
{
    /// <inheritdoc/>
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<byte[]?>().ResumeAsync(this);

    /// <inheritdoc/>
    public Task OnNextAsync(IList<SequentialItem<byte[]?>> items)
    {
        Counter.Add(items.Count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
