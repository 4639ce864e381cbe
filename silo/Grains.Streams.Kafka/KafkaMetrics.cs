using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace Grains.Streams.Kafka;

/// <summary>The meter and the traces <c>Grains.Streams.Kafka</c>, by the semantic conventions for messaging where these have a name. Tags are the topic, the group and the partition; never a key.</summary>
internal sealed class KafkaMetrics : IDisposable
{
    public const string Name = "Grains.Streams.Kafka";

    public static readonly ActivitySource Traces = new(Name);

    private readonly Meter _meter;
    private readonly Histogram<double> _operations;
    private readonly Counter<long> _rebalances;
    private readonly Counter<long> _refused;
    private readonly TagList _group;
    private readonly TimeProvider _time;

    public KafkaMetrics(IMeterFactory meters, KafkaStreamOptions options, TimeProvider time, Func<IEnumerable<KafkaPartitionStatus>> partitions)
    {
        _time = time;
        _group = [new("messaging.system", "kafka"), new("messaging.destination.name", options.Topic), new("messaging.consumer.group.name", options.Group)];
        _meter = meters.Create(Name);
        Records = _meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Records read.");
        Bytes = _meter.CreateCounter<long>("grains.kafka.read.size", "By", "Bytes of records read, without keys and headers.");
        Gone = _meter.CreateCounter<long>("grains.kafka.gone_records", "{record}", "Records that the log had dropped before they were read.");
        _refused = _meter.CreateCounter<long>("grains.kafka.refused_records", "{record}", "Records of streams that were not understood, or not taken by a consumer, and went to the dead letters.");
        _operations = _meter.CreateHistogram<double>("messaging.client.operation.duration", "s", "Duration of commits and of hand-overs of partitions.");
        _rebalances = _meter.CreateCounter<long>("grains.kafka.rebalances", "{rebalance}", "Assignments, revocations and losses of partitions.");
        _meter.CreateObservableGauge("grains.kafka.lag", () => partitions().Select(partition => Measured(partition, partition.Behind)), "{record}", "Records that exist and are not read.");
        _meter.CreateObservableGauge("grains.kafka.durable_lag", () => partitions().Select(partition => Measured(partition, partition.End - partition.Durable)), "{record}", "Records that exist and are not durable here.");
        _meter.CreateObservableGauge("grains.kafka.lag.time", () => partitions().Select(partition => Measured(partition, partition.BehindTime.TotalSeconds)), "s", "Age of the last record read, while there are more.");
    }

    public Counter<long> Records { get; }

    public Counter<long> Bytes { get; }

    public Counter<long> Gone { get; }

    public PartitionInstruments Of(TopicPartition partition) => new(this, Tags(partition.Partition));

    public void Rebalanced(string kind)
    {
        var tags = _group;
        tags.Add("grains.rebalance", kind);
        _rebalances.Add(1, tags);
    }

    /// <param name="partition">The record's partition.</param>
    /// <param name="kind">undecodable, undeliverable.</param>
    public void Refused(int partition, string kind)
    {
        var tags = Tags(partition);
        tags.Add("error.type", kind);
        _refused.Add(1, tags);
    }

    /// <param name="operation">commit, assign, revoke.</param>
    /// <param name="since">When it began, as the time provider's timestamp.</param>
    /// <param name="error">What went wrong; null for nothing.</param>
    public void Operated(string operation, long since, string? error)
    {
        var tags = _group;
        tags.Add("messaging.operation.name", operation);
        if (error is not null) tags.Add("error.type", error);
        _operations.Record(_time.GetElapsedTime(since).TotalSeconds, tags);
    }

    /// <summary>A span of one operation; null where nobody listens.</summary>
    public Activity? Trace(string operation)
    {
        var span = Traces.StartActivity($"{operation} {_group[1].Value}", ActivityKind.Client);
        if (span is null) return null;

        foreach (var tag in _group) span.SetTag(tag.Key, tag.Value);
        return span.SetTag("messaging.operation.name", operation).SetTag("messaging.operation.type", operation == "commit" ? "settle" : "receive");
    }

    public void Dispose() => _meter.Dispose();

    private TagList Tags(int partition)
    {
        var tags = _group;
        tags.Add("messaging.destination.partition.id", partition.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return tags;
    }

    private Measurement<T> Measured<T>(KafkaPartitionStatus partition, T value)
        where T : struct =>
        new(value, Tags(partition.Partition));
}
