using System.Collections.Concurrent;
using Confluent.Kafka;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Provider;

/// <summary>What all partitions share that a silo delivers: two consumers, one for what is new and one for what is read again, the commits, the dead letters.</summary>
internal sealed partial class SiloSide : IDisposable
{
    private readonly ConcurrentDictionary<int, PartitionReceiver> _receivers = new();
    private readonly Lazy<TopicReader> _live;
    private readonly Lazy<TopicReader> _history;
    private readonly Lazy<Committer> _committer;
    private readonly ILogger _log;

    public SiloSide(KafkaProviderOptions options, TopicFacts topic, RecordFormat format, StreamingWatch watch, Func<Func<IEnumerable<KafkaPartitionStatus>>, KafkaMetrics> metrics, TimeProvider time, ILoggerFactory logs)
    {
        (Options, Format, Watch, Time) = (options, format, watch, time);
        _log = logs.CreateLogger("Grains.Streams.Kafka.Provider");
        Source = $"kafka:{topic.Id}";
        Metrics = metrics(Statuses);
        Letters = new KafkaDeadLetters(options.Kafka, time, logs);
        // A quarter each for what librdkafka holds, the inboxes, and half for the caches.
        var share = options.Kafka.MemoryBytes / Math.Max(1, topic.Partitions);
        (InboxBytes, CacheBytes) = (share / 4, share / 2);
        _live = new Lazy<TopicReader>(() => new TopicReader(options.Kafka, topic.Partitions, Metrics, time, _log) { Gap = NoteGap });
        _history = new Lazy<TopicReader>(() => new TopicReader(options.Kafka, topic.Partitions, Metrics, time, _log) { Gap = NoteHistoryGap });
        _committer = new Lazy<Committer>(() => new Committer(Live.Commit, error => LogCommitRefused(options.Kafka.Topic, error.Code, error.Reason), options.Kafka.RetryDelay));
    }

    public ILogger Log => _log;

    public KafkaProviderOptions Options { get; }

    public RecordFormat Format { get; }

    public StreamingWatch Watch { get; }

    public TimeProvider Time { get; }

    public KafkaMetrics Metrics { get; }

    public KafkaDeadLetters Letters { get; }

    /// <summary>Names the topic, in dead letters.</summary>
    public string Source { get; }

    public long InboxBytes { get; }

    public long CacheBytes { get; }

    public TopicReader Live => _live.Value;

    public TopicReader History => _history.Value;

    public Committer Committer => _committer.Value;

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

    public void Dispose()
    {
        // Order matters: a commit that waits for an absent broker ends when the consumer is closed.
        if (_committer.IsValueCreated) Committer.Dispose();
        if (_live.IsValueCreated) Live.Dispose();
        if (_history.IsValueCreated) History.Dispose();
        Letters.Dispose();
        Metrics.Dispose();
    }

    private void NoteGap(TopicPartition partition, long wanted, long goesOnAt)
    {
        if (_receivers.TryGetValue(partition.Partition, out var receiver)) receiver.NoteGone(Math.Max(0, goesOnAt - wanted), goesOnAt);
    }

    private void NoteHistoryGap(TopicPartition partition, long wanted, long goesOnAt) => LogHistoryGone(partition.Partition, partition.Topic, wanted, goesOnAt);

    [LoggerMessage(EventIds.StreamsCommitRefused, LogLevel.Warning, "A commit of '{Topic}' was refused ({Code}: {Reason}). Is another consumer a member of the group? Until it is taken, more is delivered again after a crash.")]
    private partial void LogCommitRefused(string topic, ErrorCode code, string reason);

    [LoggerMessage(EventIds.StreamsHistoryGone, LogLevel.Error, "A consumer goes back to {Wanted} in partition {Partition} of '{Topic}', and the topic keeps nothing below {Position} any more: it gets what there is.")]
    private partial void LogHistoryGone(int partition, string topic, long wanted, long position);
}
