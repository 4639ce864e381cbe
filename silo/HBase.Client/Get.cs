namespace HBase.Client;

/// <summary>Reads one row: all of it, or the families and columns named.</summary>
public sealed class Get(ReadOnlyMemory<byte> row) : RowOperation(row)
{
    /// <summary>Reads the row whose key is the UTF-8 of a text.</summary>
    public Get(string row) : this(HBaseBytes.Utf8(row))
    {
    }

    /// <summary>Newest versions of each column to read; 1 by default.</summary>
    public int MaxVersions { get; init; } = 1;

    /// <summary>Only cells with from ≤ timestamp &lt; to.</summary>
    public (long From, long To)? TimeRange { get; init; }

    /// <summary>What of the row to leave out.</summary>
    public HBaseFilter? Filter { get; init; }

    /// <summary>Whether the server keeps the blocks it read; true by default, false for a read that will not come again.</summary>
    public bool CacheBlocks { get; init; } = true;

    internal ColumnSet? Columns { get; private set; }

    internal override string Verb => "Get";

    /// <summary>Asks for a whole family.</summary>
    public Get Family(ReadOnlySpan<byte> family)
    {
        (Columns ??= new ColumnSet()).Add(family, null);
        return this;
    }

    /// <summary>Asks for a column.</summary>
    public Get Column(ReadOnlySpan<byte> family, ReadOnlySpan<byte> qualifier)
    {
        (Columns ??= new ColumnSet()).Add(family, qualifier.ToArray());
        return this;
    }

    /// <summary>Asks for a column, named by the UTF-8 of texts.</summary>
    public Get Column(string family, string qualifier) => Column(HBaseBytes.Utf8(family), HBaseBytes.Utf8(qualifier));
}
