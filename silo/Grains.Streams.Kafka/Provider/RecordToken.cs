using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>An event's place, and in which log: a token that a consumer has saved may come back after its stream has moved to another partition, or after the topic was deleted and made again.</summary>
/// <remarks>
/// Order matters: every event of a log lies after a token of any other. Orleans compares the event at hand with the token that a consumer has, to pass what it had already; of this log it had nothing. So tokens of different logs
/// have no order that could sort them.
/// </remarks>
[GenerateSerializer, Immutable]
internal sealed class RecordToken : EventSequenceTokenV2
{
    /// <summary>For serializers.</summary>
    public RecordToken()
    {
    }

    public RecordToken(LogId log, EventPosition position)
        : base(position.Offset, position.Index) => (Topic, Partition) = (log.Topic, log.Partition);

    /// <summary>The lower half of the topic's id.</summary>
    [Id(0)] public long Topic { get; init; }

    [Id(1)] public int Partition { get; init; }

    public LogId Log => new(Topic, Partition);

    protected override Type SequenceTokenCompatibilityDomain => typeof(EventSequenceToken);

    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    // A token of the base class was saved before tokens named their log.
    public override bool Equals(StreamSequenceToken? other) => base.Equals(other) && (other is not RecordToken token || token.Log == Log);

    public override int CompareTo(StreamSequenceToken? other) => other is RecordToken token && token.Log != Log ? 1 : base.CompareTo(other);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => $"[offset {SequenceNumber}, event {EventIndex} of partition {Partition}, topic {Topic:x16}]";
}
