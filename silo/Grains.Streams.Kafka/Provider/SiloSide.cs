using System.Collections.Concurrent;
using Confluent.Kafka;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Provider;

/// <summary>What all partitions share that a silo delivers: two consumers, one for what is new and one for what is read again, the commits, the dead letters.</summary>
internal sealed partial class SiloSide : IDisposable
{
    private readonly ConcurrentDictionary<int, PartitionReceiver> _receivers = new();
    private readonly ConcurrentDictionary<LogId, bool> _untrusted = new();
    private readonly PartitionQueues _queues;
    private readonly Lazy<Committer> _committer;
    private readonly ILogger _log;
    private volatile Lazy<TopicReader> _live;
    private volatile Lazy<TopicReader> _history;

    public SiloSide(KafkaProviderOptions options, PartitionQueues queues, RecordFormat format, StreamingWatch watch, Func<Func<IEnumerable<KafkaPartitionStatus>>, KafkaMetrics> metrics, TimeProvider time, ILoggerFactory logs)
    {
        (Options, _queues, Format, Watch, Time) = (options, queues, format, watch, time);
        _log = logs.CreateLogger("Grains.Streams.Kafka.Provider");
        Metrics = metrics(Statuses);
        Letters = new KafkaDeadLetters(options.Kafka, time, logs);
        (_live, _history) = NewReaders();
        _committer = new Lazy<Committer>(() => new Committer(positions => Live.Commit(positions), error => LogCommitRefused(options.Kafka.Topic, error.Code, error.Reason), options.Kafka.RetryDelay));
    }

    public ILogger Log => _log;

    public KafkaProviderOptions Options { get; }

    public RecordFormat Format { get; }

    public StreamingWatch Watch { get; }

    public TimeProvider Time { get; }

    public KafkaMetrics Metrics { get; }

    public KafkaDeadLetters Letters { get; }

    // A quarter each for what librdkafka holds, the inboxes, and half for the caches.
    public long InboxBytes => Share / 4;

    public long CacheBytes => Share / 2;

    public TopicReader Live => _live.Value;

    public TopicReader History => _history.Value;

    public Committer Committer => _committer.Value;

    private long Share => Options.Kafka.MemoryBytes / Math.Max(1, _queues.Topic.Partitions);

    /// <summary>Whether a topic is the one that has the name now.</summary>
    public bool IsPresent(string topicId) => _queues.Topic.Id == topicId;

    /// <summary>Whether a partition was added while this process ran: it is read from its beginning, whatever StartAt says, as nothing in it was there before.</summary>
    public bool IsAdded(int partition) => _queues.IsAdded(partition);

    /// <summary>Whether this silo has seen the topic made again, so that what the group has committed of the partition may be of the one before. It is asked once.</summary>
    public bool IsUntrusted(LogId log) => _untrusted.TryRemove(log, out _);

    /// <summary>The partitions that this silo delivers now.</summary>
    public IEnumerable<KafkaPartitionStatus> Statuses() => _receivers.Values.Select(static receiver => new KafkaPartitionStatus(
        receiver.Cache.Partition, receiver.Cache.High, Math.Max(receiver.Cache.High, receiver.Cache.KnownEnd), receiver.Committed, receiver.Gone, TimeSpan.Zero));

    public PartitionReceiver Receive(PartitionCache cache) => _receivers[cache.Partition] = new PartitionReceiver(cache, this);

    public void Forget(PartitionReceiver receiver)
    {
        // A later receiver of the same partition stays.
        if (!_receivers.TryRemove(KeyValuePair.Create(receiver.Cache.Partition, receiver))) return;

        Watch.Leave(receiver.Cache);
        if (_live.IsValueCreated) Live.Unassign(receiver.Cache.Partition);
        if (_history.IsValueCreated) History.Unassign(receiver.Cache.Partition);
    }

    /// <summary>The topic has other partitions, or is another topic of the name.</summary>
    public void Become(TopicFacts now)
    {
        if (IsPresent(now.Id))
        {
            _queues.Become(now);
            return;
        }

        foreach (var partition in _receivers.Keys) _untrusted[LogId.Of(now.Id, partition)] = true;
        // librdkafka goes by what it has learned of the topic that is gone (leader epochs, positions), so its consumers go too.
        var (live, history) = (_live, _history);
        (_live, _history) = NewReaders();
        _queues.Become(now);
        foreach (var reader in new[] { live, history })
        {
            if (reader.IsValueCreated) reader.Value.Dispose();
        }
    }

    public void Dispose()
    {
        // Order matters: a commit that waits for an absent broker ends when the consumer is closed.
        if (_committer.IsValueCreated) Committer.Dispose();
        if (_live.IsValueCreated) Live.Dispose();
        if (_history.IsValueCreated) History.Dispose();
        Letters.Dispose();
        Metrics.Dispose();
    }

    private (Lazy<TopicReader> Live, Lazy<TopicReader> History) NewReaders()
    {
        return (new(() => New(NoteGap, NoteCut)), new(() => New(NoteHistoryGap, NoteHistoryGap)));

        TopicReader New(Action<TopicPartition, long, long> gap, Action<TopicPartition, long, long> cut) => new(Options.Kafka, _queues.Topic.Partitions, Metrics, Time, _log) { Gap = gap, Cut = cut };
    }

    private void NoteCut(TopicPartition partition, long wanted, long goesOnAt) => LogCut(partition.Partition, partition.Topic, wanted, goesOnAt);

    private void NoteGap(TopicPartition partition, long wanted, long goesOnAt)
    {
        if (_receivers.TryGetValue(partition.Partition, out var receiver)) receiver.NoteGone(Math.Max(0, goesOnAt - wanted), goesOnAt);
    }

    private void NoteHistoryGap(TopicPartition partition, long wanted, long goesOnAt) => LogHistoryGone(partition.Partition, partition.Topic, wanted, goesOnAt);

    [LoggerMessage(EventIds.StreamsCommitRefused, LogLevel.Warning, "A commit of '{Topic}' was refused ({Code}: {Reason}). Is another consumer a member of the group? Until it is taken, more is delivered again after a crash.")]
    private partial void LogCommitRefused(string topic, ErrorCode code, string reason);

    [LoggerMessage(EventIds.StreamsCut, LogLevel.Warning, "Partition {Partition} of '{Topic}' ends before {Wanted}, where it is read: the topic was made again, which is found out within TopicCheckInterval, or its log was cut (an unclean leader election?). It is read from {Position}, and what lies below {Wanted} is taken as delivered unless the topic is another one.")]
    private partial void LogCut(int partition, string topic, long wanted, long position);

    [LoggerMessage(EventIds.StreamsHistoryGone, LogLevel.Error, "A consumer goes back to {Wanted} in partition {Partition} of '{Topic}', and the topic keeps nothing below {Position} any more: it gets what there is.")]
    private partial void LogHistoryGone(int partition, string topic, long wanted, long position);
}
