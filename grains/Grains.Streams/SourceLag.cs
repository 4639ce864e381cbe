namespace Grains.Streams;

/// <summary>How far a reader is behind what exists now.</summary>
/// <param name="Position">The position of the next record to be read.</param>
/// <param name="End">The position after the last record that exists, as far as known. In the unit of <paramref name="Unit"/>.</param>
/// <param name="Unit">What positions count: <c>By</c> for files, <c>{record}</c> for topics.</param>
public readonly record struct SourceLag(long Position, long End, string Unit)
{
    /// <summary>What is still to be read.</summary>
    public long Behind => Math.Max(0, End - Position);
}
