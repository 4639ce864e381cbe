using System.Collections.Concurrent;
using Confluent.Kafka;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Provider;

/// <summary>One consumer for all partitions that a silo reads, by assignment and not as a member of the group, and the one thread that consumes from it.</summary>
internal sealed partial class TopicReader : IDisposable
{
    private static readonly TimeSpan ConsumeTimeout = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(5);

    private readonly KafkaStreamOptions _options;
    private readonly KafkaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly ConcurrentQueue<Action> _commands = new();
    // Of the thread alone.
    private readonly Dictionary<TopicPartition, Inbox> _inboxes = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private bool _brokerAway;

    public TopicReader(KafkaStreamOptions options, int partitions, KafkaMetrics metrics, TimeProvider time, ILogger log)
    {
        (_options, _metrics, _time, _log) = (options, metrics, time, log);
        var config = ClientSettings.Consumer(options, classic: true, partitions);
        config.ConsumeResultFields = "headers,timestamp,topic";
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => NoteError(error))
            .SetLogHandler((_, message) => ClientLog.Write(_log, message))
            .Build();
        _thread = new Thread(Run) { IsBackground = true, Name = $"kafka streams {options.Topic}" };
        _thread.Start();
    }

    /// <summary>Told of a position that the log does not have, and of where reading goes on.</summary>
    public Action<TopicPartition, long, long> Gap { get; init; } = static (_, _, _) => { };

    /// <summary>Told of a position that lies beyond the log's end, and of where reading goes on.</summary>
    public Action<TopicPartition, long, long> Cut { get; init; } = static (_, _, _) => { };

    /// <summary>Where the group stands, and what the log has. Blocks while the broker is asked.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="isTrusted">Whether what the group has committed is of this topic, and not of one of its name that is gone.</param>
    /// <param name="startAt">Where to begin where nothing is committed.</param>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public PartitionStart StartOf(int partition, bool isTrusted, KafkaStart startAt)
    {
        var asked = new TopicPartition(_options.Topic, partition);
        var committed = _consumer.Committed([asked], RequestTimeout)[0].Offset;
        var bounds = _consumer.QueryWatermarkOffsets(asked, RequestTimeout);
        return PartitionStart.Of(asked, isTrusted && committed.Value >= 0 ? committed.Value : null, bounds.Low.Value, bounds.High.Value, startAt, once: false);
    }

    /// <summary>What the log has. Blocks while the broker is asked.</summary>
    public WatermarkOffsets BoundsOf(int partition) => _consumer.QueryWatermarkOffsets(new TopicPartition(_options.Topic, partition), RequestTimeout);

    /// <summary>Reads a partition from a position on into an inbox; instead of what it read before.</summary>
    public void Assign(int partition, long position, Inbox inbox) => _commands.Enqueue(() =>
    {
        var assigned = new TopicPartition(_options.Topic, partition);
        if (_inboxes.ContainsKey(assigned)) _consumer.IncrementalUnassign([assigned]);
        _paused.Remove(assigned);
        _inboxes[assigned] = inbox;
        _consumer.IncrementalAssign([new TopicPartitionOffset(assigned, position)]);
    });

    /// <summary>Reads the partition no more.</summary>
    public void Unassign(int partition) => _commands.Enqueue(() =>
    {
        var assigned = new TopicPartition(_options.Topic, partition);
        if (!_inboxes.Remove(assigned)) return;

        _paused.Remove(assigned);
        _consumer.IncrementalUnassign([assigned]);
    });

    public void Commit(IReadOnlyList<TopicPartitionOffset> positions)
    {
        var since = _time.GetTimestamp();
        try
        {
            _consumer.Commit(positions);
            _metrics.Operated("commit", since, null);
        }
        catch (KafkaException failure)
        {
            _metrics.Operated("commit", since, failure.Error.Code.ToString());
            throw;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join(JoinTimeout);
        _consumer.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                while (_commands.TryDequeue(out var command)) command();
                Resume();
                if (_consumer.Consume(ConsumeTimeout) is { } result) Take(result);
            }
            catch (ConsumeException failure) when (failure.Error.Code == ErrorCode.Local_AutoOffsetReset)
            {
                OutOfReach(failure.ConsumerRecord.TopicPartitionOffset);
            }
            catch (KafkaException failure)
            {
                NoteError(failure.Error);
            }
        }
    }

    private void Take(ConsumeResult<byte[]?, byte[]?> result)
    {
        if (_brokerAway)
        {
            _brokerAway = false;
            LogBrokerBack(_options.BootstrapServers);
        }

        if (!_inboxes.TryGetValue(result.TopicPartition, out var inbox)) return;

        inbox.Add(result);
        if (!inbox.IsFull || !_paused.Add(result.TopicPartition)) return;

        _consumer.Pause([result.TopicPartition]);
    }

    private void Resume()
    {
        if (_paused.Count == 0) return;

        foreach (var partition in _paused.Where(partition => _inboxes[partition].IsHalfEmpty).ToList())
        {
            _paused.Remove(partition);
            _consumer.Resume([partition]);
        }
    }

    // Retention was faster than reading, or the log was cut, or is another one: what it has is read.
    private void OutOfReach(TopicPartitionOffset wanted)
    {
        if (!_inboxes.TryGetValue(wanted.TopicPartition, out var inbox)) return;

        var bounds = BoundsOf(wanted.Partition.Value);
        (bounds.Low > wanted.Offset ? Gap : Cut)(wanted.TopicPartition, wanted.Offset.Value, bounds.Low.Value);
        Assign(wanted.Partition.Value, bounds.Low.Value, inbox);
    }

    private void NoteError(Error error)
    {
        if (error.Code is not ErrorCode.Local_AllBrokersDown || _brokerAway) return;

        _brokerAway = true;
        LogBrokerAway(_options.BootstrapServers, error.Reason);
    }

    [LoggerMessage(EventIds.StreamsBrokerAway, LogLevel.Warning, "No broker of {Brokers} answers ({Reason}). It is tried on; nothing is lost.")]
    private partial void LogBrokerAway(string brokers, string reason);

    [LoggerMessage(EventIds.StreamsBrokerBack, LogLevel.Information, "A broker of {Brokers} answers.")]
    private partial void LogBrokerBack(string brokers);
}
