using System.Runtime.InteropServices;

namespace Grains.Streams.Kafka.Native;

/// <summary>librdkafka's <c>rd_kafka_message_t</c>, as <c>rdkafka.h</c> of 2.x declares it.</summary>
// int32 err | rd_kafka_topic_t *rkt | int32 partition | void *payload | size_t len | void *key | size_t key_len | int64 offset | void *private
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct RdMessage
{
    /// <summary>The error of an event that is no record: the end of the partition was reached.</summary>
    public const int PartitionEnd = -191;

    /// <summary>The error of an event that is no record: the position asked for is not in the log, and nobody said where to go on.</summary>
    public const int OffsetOutOfReach = -140;

    public readonly int Error;
    public readonly nint Topic;
    public readonly int Partition;
    public readonly byte* Payload;
    public readonly nuint Length;
    public readonly byte* Key;
    public readonly nuint KeyLength;
    public readonly long Offset;
    public readonly nint Opaque;
}
