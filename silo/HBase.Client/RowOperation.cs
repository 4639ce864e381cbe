namespace HBase.Client;

/// <summary>Something to do with one row: <see cref="Get"/>, <see cref="Mutation"/>, <see cref="RowMutations"/> or <see cref="CheckAndMutate"/>.</summary>
/// <remarks>Keys, columns and values are not copied: they must not change until the call has returned. An operation may be used again, also at the same time.</remarks>
public abstract class RowOperation
{
    /// <summary>Longest row key, bytes.</summary>
    public const int MaxRowBytes = short.MaxValue;

    private protected RowOperation(ReadOnlyMemory<byte> row)
    {
        if (row.Length is 0 or > MaxRowBytes) throw new ArgumentException($"A row key has 1 to {MaxRowBytes} bytes; this one has {row.Length}.", nameof(row));
        Row = row;
    }

    /// <summary>The row key: 1 to 32,767 bytes.</summary>
    public ReadOnlyMemory<byte> Row { get; }

    internal abstract string Verb { get; }

    /// <summary>About what it takes on the wire, bytes.</summary>
    internal virtual int Size => Row.Length + 16;
}
