namespace Grains.Streams.Kafka;

/// <summary>Tells which stream a record belongs to that no stream producer wrote, and what its event is.</summary>
public interface IKafkaRecordDecoder
{
    /// <summary>Decodes one record. Total: what is not understood is refused, not thrown. Called for one record of a partition after the other, for several partitions at a time.</summary>
    KafkaDecoded Decode(in KafkaRecord record);
}
