using System.Diagnostics;
using Confluent.Kafka;

namespace Grains.Tests.Server.Cluster;

/// <summary>Sends the lines of a log to a topic at a steady rate, without keys, each exactly once whatever brokers die meanwhile.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly IProducer<Null, byte[]> _producer;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _sending;
    private Error? _failure;
    private long _sent;
    private int _rate;

    /// <param name="bootstrap">The brokers.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lines">The lines, without their ends.</param>
    /// <param name="rate">Lines a second.</param>
    public SteadyLoad(string bootstrap, string topic, IEnumerable<ReadOnlyMemory<byte>> lines, int rate)
    {
        _rate = rate;
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrap,
            EnableIdempotence = true,
            CompressionType = CompressionType.Lz4,
            LingerMs = 5,
            // Partitions that are added get records soon.
            TopicMetadataRefreshIntervalMs = 2000,
            MessageTimeoutMs = 300_000,
        }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        _sending = Task.Run(() => SendAsync(topic, lines));
    }

    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Sends the rest without a pause, and returns when all of it is kept.</summary>
    public async Task FinishAsync()
    {
        Volatile.Write(ref _rate, int.MaxValue);
        await _sending;
        if (_failure is { } failure) throw new InvalidOperationException($"The brokers did not keep a line: {failure}");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _producer.Dispose();
        _end.Dispose();
    }

    private async Task SendAsync(string topic, IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        using var tick = new PeriodicTimer(Tick, TimeProvider.System);
        var due = 0.0;
        var last = Stopwatch.GetTimestamp();
        foreach (var line in lines)
        {
            while (due < 1 && Volatile.Read(ref _rate) != int.MaxValue)
            {
                await tick.WaitForNextTickAsync(_end.Token);
                due += Stopwatch.GetElapsedTime(last).TotalSeconds * Volatile.Read(ref _rate);
                last = Stopwatch.GetTimestamp();
            }

            while (!TryProduce(topic, line.ToArray())) await tick.WaitForNextTickAsync(_end.Token);
            due--;
            Volatile.Write(ref _sent, _sent + 1);
        }

        while (_producer.Flush(TimeSpan.FromSeconds(1)) > 0) _end.Token.ThrowIfCancellationRequested();
    }

    // False where the producer is full, as while brokers are away.
    private bool TryProduce(string topic, byte[] line)
    {
        try
        {
            _producer.Produce(topic, new Message<Null, byte[]> { Value = line }, report =>
            {
                if (report.Error.IsError) _failure ??= report.Error;
            });
            return true;
        }
        catch (ProduceException<Null, byte[]> failure) when (failure.Error.Code == Confluent.Kafka.ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
