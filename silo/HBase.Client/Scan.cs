namespace HBase.Client;

/// <summary>Reads rows in the order of their keys, from a start row to a stop row: the whole table unless limited.</summary>
public sealed class Scan
{
    /// <summary>First row; empty: the first of the table (reversed: the last).</summary>
    public ReadOnlyMemory<byte> StartRow { get; init; }

    /// <summary>Row at which to stop; empty: the end of the table (reversed: its beginning).</summary>
    public ReadOnlyMemory<byte> StopRow { get; init; }

    /// <summary>Whether <see cref="StartRow"/> itself is read; true by default.</summary>
    public bool IncludeStartRow { get; init; } = true;

    /// <summary>Whether <see cref="StopRow"/> itself is read; false by default.</summary>
    public bool IncludeStopRow { get; init; }

    /// <summary>Whether to read from the higher keys to the lower; <see cref="StartRow"/> is then the higher one.</summary>
    public bool Reversed { get; init; }

    /// <summary>Rows to read at most; 0, the default: no limit.</summary>
    public int Limit { get; init; }

    /// <summary>Newest versions of each column to read; 1 by default.</summary>
    public int MaxVersions { get; init; } = 1;

    /// <summary>Only cells with from ≤ timestamp &lt; to.</summary>
    public (long From, long To)? TimeRange { get; init; }

    /// <summary>What to leave out.</summary>
    public HBaseFilter? Filter { get; init; }

    /// <summary>Whether the server keeps the blocks it read; true by default, false for an export.</summary>
    public bool CacheBlocks { get; init; } = true;

    /// <summary>Rows a call at most; 1,000 by default. Too few cost round trips; the size is bounded by <see cref="ChunkBytes"/> anyway.</summary>
    public int ChunkRows { get; init; } = 1000;

    /// <summary>Bytes a call, about; 2 MiB by default. A server allows no more than its own bound (100 MiB). Two chunks are in memory at a time.</summary>
    public int ChunkBytes { get; init; } = 2 * 1024 * 1024;

    internal ColumnSet? Columns { get; private set; }

    /// <summary>The rows whose key begins with the prefix.</summary>
    public static Scan Prefix(ReadOnlyMemory<byte> prefix) => new() { StartRow = prefix, StopRow = HBaseBytes.PrefixEnd(prefix.Span) };

    /// <summary>Asks for a whole family.</summary>
    public Scan Family(ReadOnlySpan<byte> family)
    {
        (Columns ??= new ColumnSet()).Add(family, null);
        return this;
    }

    /// <summary>Asks for a column.</summary>
    public Scan Column(ReadOnlySpan<byte> family, ReadOnlySpan<byte> qualifier)
    {
        (Columns ??= new ColumnSet()).Add(family, qualifier.ToArray());
        return this;
    }
}
