using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>One queue a partition; the queues are spread evenly over the ring by which Orleans' default balancer gives them to silos.</summary>
internal sealed class PartitionQueues : IConsistentRingStreamQueueMapper
{
    private readonly QueueId[] _queues;

    public PartitionQueues(string provider, int partitions)
    {
        var step = (1L << 32) / partitions;
        _queues = [.. Enumerable.Range(0, partitions).Select(partition => QueueId.GetQueueId(provider, (uint)partition, (uint)(step * partition)))];
    }

    public int Partitions => _queues.Length;

    public static int PartitionOf(QueueId queue) => (int)queue.GetNumericId();

    public IEnumerable<QueueId> GetAllQueues() => _queues;

    public QueueId GetQueueForStream(StreamId streamId) => _queues[PartitionOf(streamId)];

    public int PartitionOf(StreamId stream) => Murmur2.PartitionOf(stream.Key.Span, _queues.Length);

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) => _queues.Where(queue => range.InRange(queue.GetUniformHashCode()));
}
