namespace Grains.Streams.Storage;

/// <summary>Snapshot rows, one a key: read and written many at a time, each write by compare-and-set on the row's version.</summary>
/// <remarks>Safe for concurrent use. Keys are 1 to 200 bytes of UTF-8.</remarks>
public interface IBatchedSnapshots
{
    /// <summary>Reads the rows of the keys named, and fills in what was found.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked, or a row is damaged; nothing of the batch may be used.</exception>
    ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken);

    /// <summary>
    /// Writes each row as version <see cref="SnapshotWrite.ExpectedVersion"/> + 1, provided that the row in the storage has the expected version (0: that there is none), and fills in each outcome.
    /// </summary>
    /// <remarks>
    /// Rows are independent: one may win and its neighbour lose. A storage that lost the reply to a write settles it by reading the row back and comparing version and writer; only where that fails too is
    /// the outcome <see cref="WriteOutcome.Unknown"/>. Does not throw for failures of the storage. A key stands at most once in a batch.
    /// </remarks>
    ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken);

    /// <summary>All rows, in no particular order. Rows written meanwhile may be missing or be of either version.</summary>
    IAsyncEnumerable<SnapshotRow> ScanAsync(CancellationToken cancellationToken);
}
