namespace Grains.Streams.Storage;

/// <summary>Rows of closed windows. Written as absolute values, of which the highest version wins, in whatever order they arrive.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IHistoryRows
{
    /// <summary>Writes the rows. When it returns, every row or one of a higher version is durable.</summary>
    /// <exception cref="SnapshotStorageException">Some rows may not be durable; the same call can be repeated.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken);

    /// <summary>Reads single rows, and fills in what was found.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked.</exception>
    ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken);

    /// <summary>The rows of one key with <paramref name="from"/> ≤ window &lt; <paramref name="to"/>, by ascending window.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked.</exception>
    IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, CancellationToken cancellationToken);

    /// <summary>All rows with <paramref name="from"/> ≤ window &lt; <paramref name="to"/>, in no particular order.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked.</exception>
    IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, CancellationToken cancellationToken);
}
