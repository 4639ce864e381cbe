namespace Grains.Streams.Kafka;

/// <summary>What a decoder made of a record.</summary>
public readonly struct KafkaDecoded
{
    /// <summary>The record belongs to no stream and is passed over.</summary>
    public static KafkaDecoded Skipped => default;

    /// <summary>The stream; none where the record is skipped or refused.</summary>
    internal StreamId? Stream { get; private init; }

    /// <summary>The event.</summary>
    internal object? Value { get; private init; }

    /// <summary>Why the record is not understood; null where it is.</summary>
    internal string? Reason { get; private init; }

    /// <summary>An event of a stream. It is handed to the stream's consumers as it is, and may go to other silos, so Orleans must be able to serialize it.</summary>
    public static KafkaDecoded Event(StreamId stream, object? value) => new() { Stream = stream, Value = value };

    /// <summary>The record is not understood: it goes to the dead letters.</summary>
    public static KafkaDecoded Refused(string reason) => new() { Reason = reason };
}
