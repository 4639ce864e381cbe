using System.Buffers;
using System.IO.Pipelines;
using Confluent.Kafka;

namespace Grains.Streams.Kafka;

/// <summary>Finds the key of a line; null for none, then the lines are spread over the partitions in batches.</summary>
/// <param name="line">The line, without its end.</param>
public delegate byte[]? LineKey(ReadOnlySpan<byte> line);

/// <summary>Sends lines to a topic, one a record, each kept by all in-sync replicas and by retries not doubled.</summary>
public sealed class KafkaLineSender : IDisposable
{
    private static readonly TimeSpan FullDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    private readonly KafkaStreamOptions _options;
    private readonly LineKey? _key;
    private readonly TimeProvider _time;
    private readonly IProducer<byte[]?, byte[]> _producer;
    private Error? _failure;
    private long _kept;

    /// <param name="options">Brokers, topic and security; the group is not used.</param>
    /// <param name="key">Finds the key of a line; null for records without one.</param>
    /// <param name="time">Measures the rate.</param>
    public KafkaLineSender(KafkaStreamOptions options, LineKey? key, TimeProvider time)
    {
        (_options, _key, _time) = (options, key, time);
        var config = ClientSettings.Producer(options);
        config.LingerMs = 20;
        config.BatchSize = 1 << 20;
        config.QueueBufferingMaxMessages = 200_000;
        config.DeliveryReportFields = "none";
        // Brokers that are away for longer end the sending.
        config.MessageTimeoutMs = 60_000;
        _producer = new ProducerBuilder<byte[]?, byte[]>(config).SetErrorHandler((_, error) => Note(error)).SetLogHandler(static (_, _) => { }).Build();
    }

    /// <summary>Lines that the brokers have kept, of all sendings.</summary>
    public long Kept => Volatile.Read(ref _kept);

    /// <summary>Sends every line, and returns when all are kept.</summary>
    /// <param name="lines">The text; a last line without an end is a line too.</param>
    /// <param name="progress">Told twice a second, and at the end.</param>
    /// <param name="cancellationToken">Stops sending; what was handed to the producer goes on to be sent, see <see cref="FlushAsync"/>.</param>
    /// <exception cref="SourceException">The brokers refuse a record, or cannot be used.</exception>
    public async Task<SendProgress> SendAsync(Stream lines, IProgress<SendProgress>? progress, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(lines, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        var sending = new Sending(_time.GetTimestamp(), Volatile.Read(ref _kept));
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = SendLines(read.Buffer, read.IsCompleted, sending, cancellationToken);
            reader.AdvanceTo(rest, read.Buffer.End);
            if (_time.GetElapsedTime(sending.Told) > ProgressInterval) Tell(sending, progress);
            if (read.IsCompleted) break;
        }

        await reader.CompleteAsync().ConfigureAwait(false);
        while (_producer.Flush(ProgressInterval) > 0)
        {
            ThrowIfFailed();
            cancellationToken.ThrowIfCancellationRequested();
            Tell(sending, progress);
        }

        ThrowIfFailed();
        return Tell(sending, progress);
    }

    /// <summary>Waits for what was handed to the producer, after a sending that was stopped.</summary>
    /// <param name="limit">How long at most.</param>
    /// <returns>True where all of it is kept; false where some is not, or not known to be.</returns>
    public async Task<bool> FlushAsync(TimeSpan limit) => await Task.Run(() => _producer.Flush(limit)).ConfigureAwait(false) == 0 && _failure is null;

    /// <inheritdoc/>
    public void Dispose() => _producer.Dispose();

    private SequencePosition SendLines(ReadOnlySequence<byte> text, bool isLast, Sending sending, CancellationToken cancellationToken)
    {
        var reader = new SequenceReader<byte>(text);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n')) Send(line, sending, cancellationToken);
        if (!isLast || reader.End) return reader.Position;

        Send(reader.UnreadSequence, sending, cancellationToken);
        return text.End;
    }

    private void Send(ReadOnlySequence<byte> line, Sending sending, CancellationToken cancellationToken)
    {
        ThrowIfFailed();
        var record = line.ToArray();
        if (record is [.., (byte)'\r']) record = record[..^1];
        var message = new Message<byte[]?, byte[]> { Key = _key?.Invoke(record), Value = record };
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _producer.Produce(_options.Topic, message, Delivered);
                sending.Count(record.Length);
                return;
            }
            catch (ProduceException<byte[]?, byte[]> failure) when (failure.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Flush(FullDelay);
            }
            catch (ProduceException<byte[]?, byte[]> failure)
            {
                throw Failed(failure.Error, failure);
            }
        }
    }

    private void Delivered(DeliveryReport<byte[]?, byte[]> report)
    {
        if (report.Error.IsError) _failure ??= report.Error;
        else Interlocked.Increment(ref _kept);
    }

    private void Note(Error error)
    {
        if (error.IsFatal || error.Code is ErrorCode.Local_Authentication) _failure ??= error;
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } error) throw Failed(error, null);
    }

    private SourceException Failed(Error error, Exception? cause) => new(
        $"Sending to topic '{_options.Topic}' at {_options.BootstrapServers} failed: {error.Reason} ({error.Code}). {Volatile.Read(ref _kept)} records are kept. 'grains doctor' tells what is wrong with the brokers.", cause);

    private SendProgress Tell(Sending sending, IProgress<SendProgress>? progress)
    {
        var now = _time.GetTimestamp();
        sending.Told = now;
        var told = new SendProgress(sending.Lines, sending.Bytes, Volatile.Read(ref _kept) - sending.KeptBefore, _time.GetElapsedTime(sending.Began, now));
        progress?.Report(told);
        return told;
    }

    private sealed class Sending(long began, long keptBefore)
    {
        public long Began { get; } = began;

        public long KeptBefore { get; } = keptBefore;

        public long Told { get; set; } = began;

        public long Lines { get; private set; }

        public long Bytes { get; private set; }

        public void Count(int bytes)
        {
            Lines++;
            Bytes += bytes;
        }
    }
}
