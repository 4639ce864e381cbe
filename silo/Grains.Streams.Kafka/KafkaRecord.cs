namespace Grains.Streams.Kafka;

/// <summary>A record as it lies in the log. Its spans are valid during the call only.</summary>
public readonly ref struct KafkaRecord
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition.</summary>
    public required int Partition { get; init; }

    /// <summary>The offset.</summary>
    public required long Offset { get; init; }

    /// <summary>When it was produced or appended, as the topic has it.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Whether there is a key.</summary>
    public required bool HasKey { get; init; }

    /// <summary>The key; empty where there is none.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Whether there is a value; a record without one marks the deletion of its key.</summary>
    public required bool HasValue { get; init; }

    /// <summary>The value; empty where there is none.</summary>
    public required ReadOnlySpan<byte> Value { get; init; }
}
