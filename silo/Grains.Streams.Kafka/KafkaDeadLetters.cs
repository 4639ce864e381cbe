using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka;

/// <summary>Sends refused records to a topic: the record as it was, its origin and the reason in the headers, its partition and position as the key.</summary>
/// <remarks>
/// Headers: <c>grains.topic</c>, <c>grains.source</c> (names the topic's id), <c>grains.partition</c>, <c>grains.position</c>, <c>grains.reason</c>; <c>grains.size</c> where the record was too large for the topic
/// and only its beginning is kept. After a crash a record may be sent again under the same key: in a compacted topic it is there once.
/// Without a topic, records are dropped; that they were refused is counted by the stream.
/// </remarks>
public sealed partial class KafkaDeadLetters : IDeadLetters, IDisposable
{
    private static readonly TimeSpan FullDelay = TimeSpan.FromMilliseconds(50);

    // What headers and key take, and the frame around the record.
    private const int Frame = 2048;

    private readonly KafkaStreamOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IProducer<string, byte[]>? _producer;
    private readonly Lock _gate = new();
    private TaskCompletionSource _kept = Settled();
    private int _underWay;
    private int _begun;
    private bool _troubled;

    /// <summary>Makes the producer; nothing is sent before the first record.</summary>
    public KafkaDeadLetters(KafkaStreamOptions options, TimeProvider time, ILoggerFactory logs)
    {
        (_options, _time, _log) = (options, time, logs.CreateLogger("Grains.Streams.Kafka.DeadLetters"));
        if (options.DeadLetterTopic is null) return;

        _producer = new ProducerBuilder<string, byte[]>(ClientSettings.Producer(options)).SetErrorHandler((_, error) => Note(error)).SetLogHandler((_, message) => ClientLog.Write(_log, message)).Build();
    }

    /// <inheritdoc/>
    public void Add(PartitionId partition, long position, string reason, ReadOnlySpan<byte> record)
    {
        if (_producer is null) return;

        var room = _options.MaxRecordBytes - Frame;
        var headers = new Headers
        {
            { "grains.topic", Utf8(_options.Topic) },
            { "grains.source", Utf8(partition.Source) },
            { "grains.partition", Utf8(partition.Partition.ToString(CultureInfo.InvariantCulture)) },
            { "grains.position", Utf8(position.ToString(CultureInfo.InvariantCulture)) },
            { "grains.reason", Utf8(reason) },
        };
        if (record.Length > room) headers.Add("grains.size", Utf8(record.Length.ToString(CultureInfo.InvariantCulture)));
        var letter = new Message<string, byte[]> { Key = $"{partition}/{position}", Value = record[..Math.Min(record.Length, Math.Max(0, room))].ToArray(), Headers = headers };
        lock (_gate)
        {
            if (_underWay++ == 0) _kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (Interlocked.Exchange(ref _begun, 1) == 0) _ = CreateTopicAsync();
        Send(letter);
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Task kept;
        lock (_gate) kept = _kept.Task;
        await kept.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _producer?.Dispose();

    private static TaskCompletionSource Settled()
    {
        var settled = new TaskCompletionSource();
        settled.SetResult();
        return settled;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    // Waits where the producer's queue is full: the reader is held up, and nothing is dropped.
    private void Send(Message<string, byte[]> letter)
    {
        while (true)
        {
            try
            {
                _producer!.Produce(_options.DeadLetterTopic, letter, Delivered);
                return;
            }
            catch (ProduceException<string, byte[]> failure) when (failure.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer!.Flush(FullDelay);
            }
            catch (ProduceException<string, byte[]> failure)
            {
                Refused(letter, failure.Error);
                return;
            }
        }
    }

    private void Delivered(DeliveryReport<string, byte[]> report)
    {
        if (report.Error.IsError) Refused(report.Message, report.Error);
        else Settle();
    }

    private void Refused(Message<string, byte[]> letter, Error error)
    {
        // No attempt will ever put it into the topic: better lost, and said, than the stream held up for ever.
        if (error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidRecord or ErrorCode.InvalidMsg)
        {
            LogDropped(letter.Key, _options.DeadLetterTopic!, error.Reason);
            Settle();
            return;
        }

        Note(error);
        _ = AgainAsync(letter, error);
    }

    private async Task AgainAsync(Message<string, byte[]> letter, Error error)
    {
        await Task.Delay(_options.RetryDelay, _time).ConfigureAwait(false);
        try
        {
            if (error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition) await CreateTopicAsync().ConfigureAwait(false);
            Send(letter);
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more; the position was not committed.
        }
    }

    private async Task CreateTopicAsync()
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(_producer!.Handle).Build();
            await admin.CreateTopicsAsync([new TopicSpecification { Name = _options.DeadLetterTopic, NumPartitions = 1, ReplicationFactor = -1 }]).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            // It is there by now, or cannot be made yet; the next attempt to send tells.
        }
    }

    private void Settle()
    {
        TaskCompletionSource? kept = null;
        lock (_gate)
        {
            if (--_underWay == 0) kept = _kept;
        }

        if (kept is null) return;

        kept.TrySetResult();
        if (!_troubled) return;

        _troubled = false;
        LogKept(_options.DeadLetterTopic!);
    }

    private void Note(Error error)
    {
        if (_troubled) return;

        _troubled = true;
        LogWaits(_options.DeadLetterTopic!, error.Code, error.Reason);
    }

    [LoggerMessage(EventIds.LettersWait, LogLevel.Warning, "Refused records cannot be sent to '{Topic}' now ({Code}: {Reason}). It is tried on; until then the positions behind them are not committed.")]
    private partial void LogWaits(string topic, ErrorCode code, string reason);

    [LoggerMessage(EventIds.LettersKept, LogLevel.Information, "Refused records reach '{Topic}' again.")]
    private partial void LogKept(string topic);

    [LoggerMessage(EventIds.LetterDropped, LogLevel.Error, "The refused record {Record} cannot be kept in '{Topic}': {Reason}. Raise the topic's max.message.bytes, or lower MaxRecordBytes.")]
    private partial void LogDropped(string record, string topic, string reason);
}
