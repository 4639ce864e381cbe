using Confluent.Kafka;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Writes numbered records to every partition until it is told to end, about ten thousand a second. Each key is in one partition, so that its sequence is known.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Expected _expected = new();
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly Task _sending;
    private long _sent;
    private Error? _failure;

    public Load(string bootstrap, string topic, int partitions)
    {
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true, LingerMs = 2, MessageTimeoutMs = 60_000 }).SetLogHandler(static (_, _) => { }).Build();
        _sending = Task.Run(() => SendAsync(topic, partitions));
    }

    public async Task UntilSentAsync(long records)
    {
        while (Volatile.Read(ref _sent) < records && !_sending.IsCompleted) await Pause.OfAsync(10);
        if (_sending.IsFaulted) await _sending;
    }

    /// <summary>Stops sending, and returns what was sent and kept.</summary>
    public async Task<Expected> EndAsync()
    {
        await _end.CancelAsync();
        await _sending;
        _producer.Flush(TimeSpan.FromSeconds(60));
        Assert.Null(_failure);
        return _expected;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _producer.Dispose();
        _end.Dispose();
    }

    private async Task SendAsync(string topic, int partitions)
    {
        for (var number = 0L; !_end.IsCancellationRequested; number++)
        {
            var partition = (int)(number % partitions);
            var record = _expected.Record($"p{partition}-{number / partitions % 7}", number, padding: (int)(number % 150));
            while (!TryProduce(new TopicPartition(topic, partition), record)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            Volatile.Write(ref _sent, number + 1);
            if (number % 100 == 99) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    // False where the producer is full, as while a broker is away.
    private bool TryProduce(TopicPartition partition, byte[] record)
    {
        try
        {
            _producer.Produce(partition, TopicTests.Message(record), report =>
            {
                if (report.Error.IsError) _failure ??= report.Error;
            });
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> failure) when (failure.Error.Code == Confluent.Kafka.ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
