namespace Grains.Streams.Kafka;

/// <summary>An Orleans stream provider on a Kafka topic: which topic, and how its records reach their consumers.</summary>
public sealed class KafkaProviderOptions
{
    /// <summary>
    /// Brokers, topic, group, where to begin, memory, dead letters, security. Partitions are given to silos by Orleans' balancer and not by the group, so <c>InstanceId</c> and <c>Once</c> must not be set, and
    /// <c>GroupProtocol</c>, <c>SessionTimeout</c> and <c>BatchCalls</c> are of no effect. The group keeps the positions; no other consumer may be a member of it.
    /// </summary>
    public KafkaStreamOptions Kafka { get; } = new();

    /// <summary>
    /// How many records of a partition are held that are not yet with all of their consumers, counted from the first one that is not. Default 4,096. It is also what is delivered again at most after a crash. A full cache stops the reading.
    /// Smaller: one slow consumer holds up the others sooner; larger: memory (<c>Kafka.MemoryBytes</c> bounds it as well), and more duplicates after a crash.
    /// </summary>
    public int CacheRecords { get; set; } = 4096;

    /// <summary>
    /// How many events of a stream are handed over in one call at most, as far as they are there. Default 1. An <c>IAsyncBatchObserver</c> gets them as one list; with an <c>IAsyncObserver</c> a failure delivers those before it again.
    /// 1: a call an event; more: fewer calls, and more that is delivered again after a failure. What was produced by one <c>OnNextBatchAsync</c> stays together.
    /// </summary>
    public int EventsPerDelivery { get; set; } = 1;

    /// <summary>
    /// How long an event is tried at a consumer that fails, before it goes to <c>Kafka.DeadLetterTopic</c> and is skipped. Default without end: the later events of the stream wait, nothing is skipped, and when
    /// <see cref="CacheRecords"/> have gathered behind it, the partition waits. Needs a dead-letter topic. Short: a storage that is away for a moment fills the dead letters.
    /// </summary>
    public TimeSpan DeliveryLimit { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>How often a partition is looked at for new records. Default 20 ms. Shorter: CPU while nothing comes; longer: events wait for it.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often positions are committed. Default 1 s. Shorter: load of the brokers; longer: more is delivered again after a crash.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a producer waits for the brokers, then its call fails, and the event may be in the topic or not. Default 20 s, below Orleans' limit of a call.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>What a token below the cache means. Default: it is served from the log.</summary>
    public KafkaRewind Rewind { get; set; } = KafkaRewind.Log;

    /// <summary>Reads records that no stream producer wrote. Default none: such records are refused, to the dead letters.</summary>
    public IKafkaRecordDecoder? Decoder { get; set; }

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults() => Kafka.Faults().Concat(OwnFaults().Select(fault => $"KafkaProviderOptions '{Kafka.Topic}': {fault}"));

    /// <exception cref="ArgumentException">A setting is at fault; the message names all faults.</exception>
    internal void ThrowIfFaulty()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults));
    }

    private IEnumerable<string> OwnFaults()
    {
        if (Kafka.InstanceId is not null) yield return "Kafka.InstanceId is set; the balancer of the silos gives partitions, and no member of a group.";
        if (Kafka.Once) yield return "Kafka.Once is set; a provider reads for as long as its silo lives.";
        if (CacheRecords is < 16 or > 10_000_000) yield return $"CacheRecords is {CacheRecords}; it must be from 16 to 10000000 (default 4096).";
        if (EventsPerDelivery is < 1 or > 100_000) yield return $"EventsPerDelivery is {EventsPerDelivery}; it must be from 1 to 100000 (default 1).";
        if (DeliveryLimit != Timeout.InfiniteTimeSpan && DeliveryLimit < TimeSpan.FromMilliseconds(100)) yield return $"DeliveryLimit is {DeliveryLimit}; it must be at least 100 ms, or without end (default).";
        if (DeliveryLimit != Timeout.InfiniteTimeSpan && Kafka.DeadLetterTopic is null) yield return "DeliveryLimit is set and Kafka.DeadLetterTopic is not; events would be skipped and kept nowhere.";
        if (PollInterval < TimeSpan.FromMilliseconds(1) || PollInterval > TimeSpan.FromSeconds(10)) yield return $"PollInterval is {PollInterval}; it must be from 1 ms to 10 s (default 00:00:00.02).";
        if (CommitInterval < TimeSpan.FromMilliseconds(10) || CommitInterval > TimeSpan.FromMinutes(10)) yield return $"CommitInterval is {CommitInterval}; it must be from 10 ms to 10 min (default 00:00:01).";
        if (SendTimeout < TimeSpan.FromMilliseconds(100) || SendTimeout > TimeSpan.FromHours(1)) yield return $"SendTimeout is {SendTimeout}; it must be from 100 ms to 1 h (default 00:00:20).";
        if (!Enum.IsDefined(Rewind)) yield return $"Rewind is {Rewind}; it must be Log or Durable (default Log).";
    }
}
