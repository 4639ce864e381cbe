using Confluent.Kafka;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>What a partition's source needs of the consumer that it is a part of.</summary>
internal interface ITopicConsumer
{
    TimeProvider Time { get; }

    KafkaMetrics Metrics { get; }

    /// <summary>How long to wait before something is tried again that failed in passing.</summary>
    TimeSpan ShortDelay { get; }

    /// <summary>The end of the partition as the last fetch had it; 0 where unknown.</summary>
    long EndOf(TopicPartition partition);

    /// <summary>The offsets of the first record and after the last one, as the broker has them now; null where it does not answer, or where the topic is another one by now, and reading must not go on.</summary>
    ValueTask<(long Low, long High)?> BoundsAsync(TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>Starts a partition again that librdkafka has stopped fetching. False where that must wait.</summary>
    bool TryReassign(TopicPartition partition, long position);

    /// <summary>Commits, together with what others commit meanwhile. A commit that the group refuses is not an error: it only means more is read again later.</summary>
    ValueTask CommitAsync(TopicPartition partition, long position, CancellationToken cancellationToken);

    void NoteGone(TopicPartition partition, long records, long goesOnAt);

    void NoteBeyondEnd(TopicPartition partition, long position, long end);

    void NotePartitionError(TopicPartition partition, ErrorCode error);
}
