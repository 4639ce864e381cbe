using System.Runtime.CompilerServices;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>Where reading of a partition stands, and what the last look into its queue found.</summary>
/// <param name="next">The offset of the next record.</param>
/// <param name="end">Records at or after this one are not handed on; <see cref="long.MaxValue"/> for none.</param>
internal sealed class Cursor(long next, long end)
{
    /// <summary>Every record below has been handed on, or does not exist.</summary>
    public long Next = next;

    /// <summary>Records handed on by this look.</summary>
    public int Records;

    /// <summary>Their bytes, without keys and headers.</summary>
    public long Bytes;

    /// <summary>The time of the last of them, in milliseconds of the Unix epoch; -1 where unknown.</summary>
    public long Timestamp = -1;

    /// <summary>The log does not have the next offset.</summary>
    public bool OutOfReach;

    /// <summary>An error that librdkafka goes on after; 0 for none.</summary>
    public int Error;

    public bool Ended => Next >= end;

    public void Begin() => (Records, Bytes, Error) = (0, 0, 0);

    /// <remarks>Runs per record; allocates nothing.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Accepts(long offset, int bytes)
    {
        // What is below was in the queue before a seek, or begins a batch that the position is in the middle of.
        if (offset < Next || offset >= end) return false;

        Next = offset + 1;
        Records++;
        Bytes += bytes;
        return true;
    }

    /// <summary>There is nothing below this offset that was not handed on: transactions' markers and compacted records leave such gaps.</summary>
    public void NothingBelow(long offset) => Next = Math.Max(Next, offset);
}
