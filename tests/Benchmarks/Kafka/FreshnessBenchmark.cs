using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Confluent.Kafka;
using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grains.Benchmarks.Kafka;

/// <summary>How long a record takes from its producer to the sink that counts it, at 20,000 records a second, from one process through a broker and back.</summary>
internal static class FreshnessBenchmark
{
    private const int Seconds = 15;
    private const int PerMillisecond = 20;

    /// <summary>Arguments: brokers, an empty topic.</summary>
    public static async Task RunAsync(string bootstrap, string topic)
    {
        var options = new KafkaStreamOptions { BootstrapServers = bootstrap, Topic = topic, Group = $"bench-{Guid.NewGuid():n}" };
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var delays = new List<double>();
        using var reading = new KafkaReading(
            options,
            source => new ReadingRun(source, record => Note(delays, record)),
            static (run, cancellationToken) => run.StopAsync(cancellationToken),
            new KafkaMetrics(services.GetRequiredService<IMeterFactory>(), options, TimeProvider.System, static () => []),
            TimeProvider.System,
            NullLogger.Instance);
        reading.Start();
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 1, CompressionType = CompressionType.Lz4 }).Build();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var began = Stopwatch.GetTimestamp();
        var sent = 0;
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed.TotalSeconds < Seconds)
        {
            for (; sent < elapsed.TotalMilliseconds * PerMillisecond; sent++) producer.Produce(topic, new Message<Null, byte[]> { Value = Stamped() });
            await tick.WaitForNextTickAsync();
        }

        producer.Flush(TimeSpan.FromSeconds(10));
        await reading.StopAsync(CancellationToken.None);
        // The first second is that of joining and compiling.
        var warm = delays.Skip(PerMillisecond * 3000).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent:N0} sent, {delays.Count:N0} read; ms: p50 {At(warm, 0.5):F1}, p90 {At(warm, 0.9):F1}, p99 {At(warm, 0.99):F1}, max {warm[^1]:F1}"));
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(sorted.Count * share)];

    private static byte[] Stamped()
    {
        var record = new byte[230];
        BinaryPrimitives.WriteInt64LittleEndian(record, Stopwatch.GetTimestamp());
        return record;
    }

    private static void Note(List<double> delays, ReadOnlySpan<byte> record)
    {
        var delay = Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(record)).TotalMilliseconds;
        lock (delays) delays.Add(delay);
    }
}
