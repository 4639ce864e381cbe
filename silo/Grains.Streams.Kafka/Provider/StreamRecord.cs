namespace Grains.Streams.Kafka.Provider;

/// <summary>A record of the log as an event, or several, of one stream. Goes to the consumer's silo as it is.</summary>
[GenerateSerializer, Immutable]
internal sealed class StreamRecord
{
    /// <summary>What a record costs in the cache beside its bytes, about.</summary>
    private const int Overhead = 256;

    [Id(0)] public required long Offset { get; init; }

    [Id(1)] public required StreamId Stream { get; init; }

    /// <summary>How many events it has; at least one.</summary>
    [Id(2)] public required int Events { get; init; }

    /// <summary>The events, by Orleans' serializer; null where a decoder has made the event.</summary>
    [Id(3)] public byte[]? Payload { get; init; }

    /// <summary>The event that a decoder has made of the record.</summary>
    [Id(4)] public object? Decoded { get; init; }

    /// <summary>The producer's request context, by Orleans' serializer; null for none.</summary>
    [Id(5)] public byte[]? Context { get; init; }

    public EventPosition First => new(Offset);

    /// <summary>Bytes of the record in the log.</summary>
    [field: NonSerialized]
    public int Size { get; init; }

    /// <summary>What it takes in memory, about.</summary>
    public int Held => Overhead + Size;
}
