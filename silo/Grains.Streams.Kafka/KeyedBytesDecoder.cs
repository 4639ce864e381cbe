namespace Grains.Streams.Kafka;

/// <summary>The plainest decoder: a record's key is the key of a stream of one namespace, its value is the event, a <c>byte[]</c>; null where the record has no value.</summary>
/// <param name="streamNamespace">The namespace of the streams.</param>
public sealed class KeyedBytesDecoder(string streamNamespace) : IKafkaRecordDecoder
{
    private readonly byte[] _namespace = System.Text.Encoding.UTF8.GetBytes(streamNamespace);

    /// <inheritdoc/>
    public KafkaDecoded Decode(in KafkaRecord record) =>
        record.Key.IsEmpty ? KafkaDecoded.Refused("no key") : KafkaDecoded.Event(StreamId.Create(_namespace, record.Key), record.HasValue ? record.Value.ToArray() : null);
}
