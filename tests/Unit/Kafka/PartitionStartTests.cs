using Confluent.Kafka;
using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Consuming;
using Xunit;

namespace Grains.Tests.Unit.Kafka;

public sealed class PartitionStartTests
{
    private static readonly TopicPartition Partition = new("t", 3);

    [Theory]
    [InlineData(null, KafkaStart.Beginning, 10L, 0L, null)]
    [InlineData(null, KafkaStart.End, 20L, 0L, null)]
    [InlineData(15L, KafkaStart.End, 15L, 0L, null)]
    [InlineData(10L, KafkaStart.Beginning, 10L, 0L, null)]
    [InlineData(20L, KafkaStart.Beginning, 20L, 0L, null)]
    [InlineData(4L, KafkaStart.Beginning, 10L, 6L, null)]
    [InlineData(21L, KafkaStart.End, 10L, 0L, 21L)]
    public void A_log_from_10_to_20_is_read_from_where_the_group_was_or_says_what_is_missing(long? committed, KafkaStart startAt, long position, long gone, long? beyondEnd)
    {
        var start = PartitionStart.Of(Partition, committed, low: 10, high: 20, startAt, once: false);
        Assert.Equal((position, gone, beyondEnd, long.MaxValue), (start.Position, start.Gone, start.BeyondEnd, start.End));
        Assert.Equal(20, PartitionStart.Of(Partition, committed, 10, 20, startAt, once: true).End);
    }
}
