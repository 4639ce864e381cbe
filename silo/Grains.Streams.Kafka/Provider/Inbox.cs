using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Grains.Streams.Kafka.Provider;

/// <summary>What was read of one partition and not yet taken into its cache.</summary>
/// <remarks>The reading thread adds; the partition's agent takes. Above its bound the partition is paused, below half of it resumed.</remarks>
internal sealed class Inbox(long maxBytes)
{
    // What Confluent.Kafka's objects take beside the bytes, about.
    private const int Overhead = 400;

    private readonly ConcurrentQueue<ConsumeResult<byte[]?, byte[]?>> _results = new();
    private long _bytes;

    public bool IsFull => Interlocked.Read(ref _bytes) > maxBytes;

    public bool IsHalfEmpty => Interlocked.Read(ref _bytes) <= maxBytes / 2;

    public void Add(ConsumeResult<byte[]?, byte[]?> result)
    {
        Interlocked.Add(ref _bytes, SizeOf(result));
        _results.Enqueue(result);
    }

    public bool TryTake(out ConsumeResult<byte[]?, byte[]?> result)
    {
        if (!_results.TryDequeue(out result!)) return false;

        Interlocked.Add(ref _bytes, -SizeOf(result));
        return true;
    }

    private static int SizeOf(ConsumeResult<byte[]?, byte[]?> result) => Overhead + (result.Message?.Key?.Length ?? 0) + (result.Message?.Value?.Length ?? 0);
}
