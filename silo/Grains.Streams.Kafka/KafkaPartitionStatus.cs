namespace Grains.Streams.Kafka;

/// <summary>Where one partition stands that this silo reads.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Position">The offset of the next record to be read.</param>
/// <param name="End">The offset after the last record that exists, as far as known.</param>
/// <param name="Durable">Everything below this offset is durable and committed.</param>
/// <param name="Gone">Records that the log had dropped before they were read, since this silo has the partition. Above zero is a loss: the topic's retention is shorter than the time that nobody read.</param>
/// <param name="BehindTime">The age of the last record read; zero where everything is read.</param>
public readonly record struct KafkaPartitionStatus(int Partition, long Position, long End, long Durable, long Gone, TimeSpan BehindTime)
{
    /// <summary>Records that exist and are not read.</summary>
    public long Behind => Math.Max(0, End - Position);
}
