using Grains.Streams.Kafka.Consuming;
using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>One queue a partition, as many as the topic has now; spread evenly over the ring by which Orleans' default balancer gives queues to silos.</summary>
/// <remarks>
/// Invariant: a partition's place on the ring is its own, whatever the number of partitions. So silos that have learned of new partitions, or of a topic made again, at different times never both take one, nor move one that is read.
/// The queues of a topic that was made again are other queues: their caches, cursors and positions begin anew.
/// </remarks>
internal sealed class PartitionQueues(string provider, TopicFacts topic) : IConsistentRingStreamQueueMapper
{
    // 2^32 divided by the golden ratio: any number of its multiples, modulo 2^32, lies evenly.
    private const uint RingStep = 2_654_435_769;

    private volatile Layout _layout = Layout.Of(provider, topic, home: topic.Partitions);

    /// <summary>There are other queues than before.</summary>
    public event Action Changed = static () => { };

    /// <summary>The topic as it is now.</summary>
    public TopicFacts Topic => _layout.Topic;

    public static int PartitionOf(QueueId queue) => (int)queue.GetNumericId();

    /// <summary>Which topic of this name a queue is of.</summary>
    public static string TopicIdOf(QueueId queue) => queue.GetStringNamePrefix()[^32..];

    /// <summary>The topic has changed.</summary>
    public void Become(TopicFacts now)
    {
        var before = _layout;
        // A stream stays where it is while its producer's process lives: in two partitions it would have no order.
        _layout = Layout.Of(provider, now, now.Id == before.Topic.Id ? before.Home : now.Partitions);
        Changed();
    }

    /// <summary>Whether a partition was added after this process began.</summary>
    public bool IsAdded(int partition) => partition >= _layout.Home;

    public IEnumerable<QueueId> GetAllQueues() => _layout.Queues;

    public QueueId GetQueueForStream(StreamId streamId) => _layout.Queues[PartitionOf(streamId)];

    public int PartitionOf(StreamId stream) => Murmur2.PartitionOf(stream.Key.Span, _layout.Home);

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) => _layout.Queues.Where(queue => range.InRange(queue.GetUniformHashCode()));

    /// <param name="Topic">The topic.</param>
    /// <param name="Home">Among how many partitions, the first ones, the streams of this process's producers are distributed.</param>
    /// <param name="Queues">By partition.</param>
    private sealed record Layout(TopicFacts Topic, int Home, QueueId[] Queues)
    {
        public static Layout Of(string provider, TopicFacts topic, int home) => new(topic, home, [.. Enumerable.Range(0, topic.Partitions).Select(partition => QueueId.GetQueueId($"{provider}-{topic.Id}", (uint)partition, unchecked((uint)partition * RingStep)))]);
    }
}
