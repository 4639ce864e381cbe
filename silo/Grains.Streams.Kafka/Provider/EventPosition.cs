using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>An event's place in a partition: the record's offset, and the event's number in the record. With the log that it is of, it is a consumer's token (<see cref="RecordToken"/>).</summary>
internal readonly record struct EventPosition(long Offset, int Index = 0) : IComparable<EventPosition>
{
    /// <summary>The place right after it.</summary>
    public EventPosition Next => new(Offset, Index + 1);

    public static EventPosition Of(StreamSequenceToken token) => new(token.SequenceNumber, token.EventIndex);

    public static bool operator <(EventPosition left, EventPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(EventPosition left, EventPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(EventPosition left, EventPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EventPosition left, EventPosition right) => left.CompareTo(right) >= 0;

    public int CompareTo(EventPosition other)
    {
        var byOffset = Offset.CompareTo(other.Offset);
        return byOffset != 0 ? byOffset : Index.CompareTo(other.Index);
    }
}
