using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <content>What is logged.</content>
internal sealed partial class PartitionReceiver
{
    [LoggerMessage(EventIds.StreamsStarted, LogLevel.Information, "This silo delivers partition {Partition} of '{Topic}' from {Position} on (its end is {End}).")]
    private partial void LogStarted(int partition, string topic, long position, long end);

    [LoggerMessage(EventIds.StreamsStopped, LogLevel.Information, "Partition {Partition} of '{Topic}' is let go at {Position}; {Records} records after it are delivered by its next silo.")]
    private partial void LogStopped(int partition, string topic, long position, int records);

    [LoggerMessage(EventIds.StreamsStartWaits, LogLevel.Warning, "Partition {Partition} of '{Topic}' cannot be read yet: {Reason}. It is tried on; nothing is lost.")]
    private partial void LogStartWaits(int partition, string topic, string reason);

    [LoggerMessage(EventIds.StreamsPass, LogLevel.Information, "A consumer goes back: partition {Partition} of '{Topic}' is read again from {From} to {To}, for those that need it.")]
    private partial void LogPass(int partition, string topic, long from, long to);

    [LoggerMessage(EventIds.StreamsUndeliverable, LogLevel.Error, "The event of {Stream} at {Offset} of partition {Partition} of '{Topic}' is skipped: its consumer has failed for {Limit}. It is in the dead letters.")]
    private partial void LogUndeliverable(string stream, long offset, int partition, string topic, TimeSpan limit);

    [LoggerMessage(EventIds.StreamsTokenBeyondEnd, LogLevel.Error, "A consumer of {Stream} resumes from a token beyond the end of partition {Partition} of '{Topic}': the topic was made again, or its log was cut. It gets everything from {Position} on.")]
    private partial void LogTokenBeyondEnd(string stream, string topic, int partition, long position);

    [LoggerMessage(EventIds.StreamsForeignToken, LogLevel.Warning, "A consumer of {Stream} has a token of another log, {Token}, and now gets partition {Partition} of '{Topic}' from {Position} on: the topic was made again since, or the stream has moved to another partition.")]
    private partial void LogForeignToken(string stream, StreamSequenceToken token, int partition, string topic, long position);

    [LoggerMessage(EventIds.StreamsTopicGone, LogLevel.Warning, "Partition {Partition} of the topic '{Topic}' that was before (id {TopicId}) is let go at {Position}; {Records} records that were read after it and not delivered to everyone are gone with the topic.")]
    private partial void LogTopicGone(int partition, string topic, string topicId, long position, int records);

    [LoggerMessage(EventIds.StreamsGone, LogLevel.Error, "Partition {Partition} of '{Topic}' has lost {Records} offsets before they were delivered: its retention is too short. Delivery goes on at {Position}.")]
    private partial void LogRecordsGone(int partition, string topic, long records, long position);

    [LoggerMessage(EventIds.StreamsBeyondEnd, LogLevel.Error, "Partition {Partition} of '{Topic}' ends at {End}, before the group's position {Position}: the topic was made again, or its log was cut. It is delivered from its beginning.")]
    private partial void LogBeyondEnd(int partition, string topic, long end, long position);
}
