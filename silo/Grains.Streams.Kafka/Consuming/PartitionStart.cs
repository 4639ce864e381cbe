using Confluent.Kafka;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>Where reading of a partition begins.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Position">The offset of the first record to be read.</param>
/// <param name="End">Where a run with an end stops; otherwise <see cref="long.MaxValue"/>.</param>
/// <param name="High">The offset after the last record.</param>
/// <param name="Gone">Records that were not read, and that the log does not have any more.</param>
/// <param name="BeyondEnd">The committed position, where it lies beyond the log's end.</param>
internal readonly record struct PartitionStart(TopicPartition Partition, long Position, long End, long High, long Gone, long? BeyondEnd)
{
    /// <summary>Decides where to begin.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="committed">What the group has committed; null for nothing.</param>
    /// <param name="low">The offset of the first record that the log has.</param>
    /// <param name="high">The offset after the last one.</param>
    /// <param name="startAt">Where to begin without a committed position.</param>
    /// <param name="once">Whether to stop at the present end.</param>
    public static PartitionStart Of(TopicPartition partition, long? committed, long low, long high, KafkaStart startAt, bool once)
    {
        var end = once ? high : long.MaxValue;
        return committed switch
        {
            null => new PartitionStart(partition, startAt == KafkaStart.End ? high : low, end, high, 0, null),
            // Retention was faster than reading.
            { } position when position < low => new PartitionStart(partition, low, end, high, low - position, null),
            // The log was cut, or is another one: what it has is read, and what the cells know of it they skip.
            { } position when position > high => new PartitionStart(partition, low, end, high, 0, position),
            { } position => new PartitionStart(partition, position, end, high, 0, null),
        };
    }
}
