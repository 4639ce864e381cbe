using Grains.Streams.Kafka.Consuming;
using Grains.Streams.Kafka.Provider;
using Xunit;

namespace Grains.Tests.Unit.Kafka.Provider;

public sealed class PartitionQueuesTests
{
    private const string Id = "00000000000000010000000000000002";
    private const string Later = "00000000000000030000000000000004";

    [Fact]
    public void A_partition_keeps_its_queue_when_others_are_added_and_a_topic_made_again_has_others_at_the_same_places()
    {
        var queues = new PartitionQueues("kafka", new TopicFacts(Id, 3));
        var before = queues.GetAllQueues().ToList();
        var changes = 0;
        queues.Changed += () => changes++;

        queues.Become(new TopicFacts(Id, 5));
        Assert.Equal(before, queues.GetAllQueues().Take(3));
        Assert.Equal(new PartitionQueues("kafka", new TopicFacts(Id, 5)).GetAllQueues(), queues.GetAllQueues());
        Assert.Equal((false, true), (queues.IsAdded(2), queues.IsAdded(3)));

        queues.Become(new TopicFacts(Later, 4));
        var again = queues.GetAllQueues().ToList();
        Assert.Equal([0, 1, 2, 3], again.Select(PartitionQueues.PartitionOf));
        Assert.All(again, queue => Assert.Equal(Later, PartitionQueues.TopicIdOf(queue)));
        Assert.Empty(again.Intersect(before));
        Assert.Equal(before.Select(queue => queue.GetUniformHashCode()), again.Take(3).Select(queue => queue.GetUniformHashCode()));
        Assert.False(queues.IsAdded(3));
        Assert.Equal(2, changes);
    }

    [Fact]
    public void A_stream_stays_in_its_partition_while_partitions_are_added()
    {
        var queues = new PartitionQueues("kafka", new TopicFacts(Id, 3));
        var streams = Enumerable.Range(0, 100).Select(number => StreamId.Create("n", $"{number}")).ToList();
        var places = streams.Select(queues.PartitionOf).ToList();

        queues.Become(new TopicFacts(Id, 7));
        Assert.Equal(places, streams.Select(queues.PartitionOf));

        queues.Become(new TopicFacts(Later, 2));
        Assert.All(streams, stream => Assert.InRange(queues.PartitionOf(stream), 0, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(100)]
    public void Any_number_of_queues_lies_evenly_on_the_ring(int partitions)
    {
        var places = new PartitionQueues("kafka", new TopicFacts(Id, partitions)).GetAllQueues().Select(queue => (long)queue.GetUniformHashCode()).Order().ToList();
        var gaps = places.Zip([.. places.Skip(1), places[0] + (1L << 32)], (left, right) => right - left).ToList();

        Assert.Equal(partitions, places.Distinct().Count());
        // The golden ratio's gaps are of three sizes, the largest less than 1.9 times the mean.
        Assert.InRange(gaps.Max() * partitions / (double)(1L << 32), 1, 1.9);
    }
}
