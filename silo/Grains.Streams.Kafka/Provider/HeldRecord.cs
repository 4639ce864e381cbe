namespace Grains.Streams.Kafka.Provider;

/// <summary>A record's place in the cache. It outlives the record, as records are released in any order, and places given up in the log's order only.</summary>
internal sealed class HeldRecord(StreamRecord record, bool isHistory)
{
    private readonly int _events = record.Events;

    /// <summary>Right after its last event.</summary>
    public EventPosition End => new(Offset, _events);

    public StreamRecord? Record { get; private set; } = record;

    public long Offset { get; } = record.Offset;

    public int Held { get; } = record.Held;

    /// <summary>Whether all of its events lie before a position.</summary>
    public bool IsBefore(EventPosition position) => Offset < position.Offset || (Offset == position.Offset && position.Index >= _events);

    /// <summary>Read again for consumers that went back; the partition's position does not wait for it.</summary>
    public bool IsHistory => isHistory;

    public bool IsReleased => Record is null;

    public void Release() => Record = null;
}
