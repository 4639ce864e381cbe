namespace Grains.Streams;

/// <summary>One partition of something that can be read again from a position: a file that is followed, a partition of a topic, generated traffic.</summary>
/// <remarks>
/// Used by one reader at a time. Positions are of the source's own making: they grow from record to record, and a record keeps its position for ever.
/// A source that cannot go back (standard input) keeps what is not committed.
/// </remarks>
public interface IPartitionSource : IAsyncDisposable
{
    /// <summary>The key of this partition's positions. Known once <see cref="OpenAsync"/> has returned.</summary>
    PartitionId Id { get; }

    /// <summary>Opens the source where it was committed last, or at its beginning.</summary>
    /// <returns>The position of the next record that <see cref="Read"/> may hand on.</returns>
    /// <exception cref="SourceException">The source cannot be read; the message says why and what to do.</exception>
    ValueTask<long> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Hands on records that are there now, without waiting for more.</summary>
    /// <param name="sink">Takes each record.</param>
    /// <param name="maxBytes">Stop after about so many bytes of records; at least one record is handed on if there is one.</param>
    /// <returns>How many records were handed on; 0 where there is nothing now.</returns>
    int Read(IRecordSink sink, int maxBytes);

    /// <summary>Completes when there may be something to read, or after a short while. True where the source has ended for good.</summary>
    ValueTask<bool> WaitAsync(CancellationToken cancellationToken);

    /// <summary>The next record handed on is the first at or after <paramref name="position"/>, which is never below the committed position.</summary>
    void Seek(long position);

    /// <summary>Everything below <paramref name="position"/> is durable and is not asked for again. Returns when that is kept where <see cref="OpenAsync"/> finds it.</summary>
    ValueTask CommitAsync(long position, CancellationToken cancellationToken);

    /// <summary>How far the reader is behind what exists now.</summary>
    SourceLag Lag { get; }
}
