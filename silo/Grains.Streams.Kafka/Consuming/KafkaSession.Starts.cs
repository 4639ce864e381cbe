using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Consuming;

/// <content>Where reading begins, and what is logged.</content>
internal sealed partial class KafkaSession
{
    // Asks until the brokers answer or the silo stops; the group waits meanwhile.
    private List<PartitionStart> StartsOf(List<TopicPartition> partitions)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var committed = _consumer.Committed(partitions, RequestTimeout);
                return [.. committed.Select(StartOf)];
            }
            catch (KafkaException failure) when (!failure.Error.IsFatal)
            {
                _host.NoteError(failure.Error);
                _stop.WaitHandle.WaitOne(ShortDelay);
            }
        }

        return [];
    }

    private PartitionStart StartOf(TopicPartitionOffset committed)
    {
        var bounds = _consumer.QueryWatermarkOffsets(committed.TopicPartition, RequestTimeout);
        // What the group has of a topic of that name may be of the one that is gone.
        var known = !_untrusted.Remove(committed.Partition) && committed.Offset.Value >= 0 ? committed.Offset.Value : (long?)null;
        return PartitionStart.Of(committed.TopicPartition, known, bounds.Low.Value, bounds.High.Value, _options.StartAt, _options.Once);
    }

    [LoggerMessage(EventIds.Joined, LogLevel.Information, "Reading topic '{Topic}' (id {TopicId}, {Partitions} partitions) in group '{Group}'.")]
    private partial void LogJoined(string topic, string topicId, int partitions, string group);

    [LoggerMessage(EventIds.Left, LogLevel.Information, "Stopped reading topic '{Topic}' in group '{Group}'.")]
    private partial void LogLeft(string topic, string group);

    [LoggerMessage(EventIds.Assigned, LogLevel.Information, "This silo reads partitions {Partitions} of '{Topic}'.")]
    private partial void LogAssigned(string topic, string partitions);

    [LoggerMessage(EventIds.Revoked, LogLevel.Information, "{Partitions} partitions of '{Topic}' are released after {Milliseconds:F0} ms.")]
    private partial void LogRevoked(string topic, int partitions, double milliseconds);

    [LoggerMessage(EventIds.Lost, LogLevel.Warning, "{Partitions} partitions of '{Topic}' are lost: the group has given them to others, or their topic is gone. What is not durable is read again there; nothing counts twice.")]
    private partial void LogLost(string topic, int partitions);

    [LoggerMessage(EventIds.ConsumeInstead, LogLevel.Warning, "librdkafka's batch calls cannot be used ({Reason}): records are read one by one, which costs more than twice the CPU.")]
    private partial void LogConsumeInstead(string reason);

    [LoggerMessage(EventIds.TopicReplaced, LogLevel.Warning, "Topic '{Topic}' was deleted and made again (id {OldId}, now {NewId}). The new one is read from its beginning.")]
    private partial void LogTopicReplaced(string topic, string oldId, string newId);

    [LoggerMessage(EventIds.SessionFailed, LogLevel.Error, "The consumer of topic '{Topic}' cannot go on ({Code}: {Reason}). A new one is made.")]
    private partial void LogSessionFailed(string topic, ErrorCode code, string reason);

    [LoggerMessage(EventIds.RecordsGone, LogLevel.Error, "Partition {Partition} of '{Topic}' has lost {Records} offsets before they were read: its retention is shorter than the time that nobody read. Reading goes on at {Position}. Raise retention.ms or retention.bytes.")]
    private partial void LogRecordsGone(string topic, int partition, long records, long position);

    [LoggerMessage(EventIds.PositionBeyondEnd, LogLevel.Error, "Partition {Partition} of '{Topic}' ends at {End}, before the position {Position}: its log was cut (an unclean leader election?). Records that were written again below that position are taken for those that were counted.")]
    private partial void LogBeyondEnd(string topic, int partition, long position, long end);

    [LoggerMessage(EventIds.PartitionError, LogLevel.Warning, "Partition {Partition} of '{Topic}' cannot be fetched now: {Error}. It is tried again.")]
    private partial void LogPartitionError(string topic, int partition, ErrorCode error);

    [LoggerMessage(EventIds.CommitRefused, LogLevel.Information, "A commit of '{Topic}' was refused ({Code}: {Reason}), as happens while partitions move. More is read again; nothing counts twice.")]
    private partial void LogCommitRefused(string topic, ErrorCode code, string reason);
}
