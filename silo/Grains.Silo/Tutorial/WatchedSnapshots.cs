using Grains.Streams.Storage;

namespace Grains.Silo.Tutorial;

/// <summary>Snapshots of which it is noted which were written.</summary>
internal sealed class WatchedSnapshots(IBatchedSnapshots inner, ChangedCourses changed) : IBatchedSnapshots
{
    public ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken) => inner.ReadAsync(reads, cancellationToken);

    public async ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(writes, cancellationToken);
        for (var i = 0; i < writes.Length; i++)
        {
            if (writes.Span[i].Outcome is WriteOutcome.Won or WriteOutcome.Unknown) changed.Add(writes.Span[i].Key, []);
        }
    }

    public IAsyncEnumerable<SnapshotRow> ScanAsync(CancellationToken cancellationToken) => inner.ScanAsync(cancellationToken);
}
