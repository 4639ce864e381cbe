namespace HBase.Client;

/// <summary>A change of one row, atomic across its columns and families: <see cref="Put"/>, <see cref="Delete"/>, <see cref="Increment"/> or <see cref="Append"/>.</summary>
public abstract class Mutation : RowOperation
{
    /// <summary>Stands for "the server's clock" where a timestamp is asked for.</summary>
    public const long ServerTime = long.MaxValue;

    private MutationCell[] _cells;

    private protected Mutation(ReadOnlyMemory<byte> row, int columns) : base(row) => _cells = columns == 0 ? [] : new MutationCell[columns];

    /// <summary>What the server does before it answers.</summary>
    public Durability Durability { get; init; }

    /// <summary>How long the cells live, instead of the family's TTL; ms on the wire.</summary>
    public TimeSpan? TimeToLive { get; init; }

    internal abstract MutationKind Kind { get; }

    internal ReadOnlySpan<MutationCell> Cells => _cells.AsSpan(0, Count);

    internal int Count { get; private set; }

    internal override int Size => base.Size + _size;

    private int _size;

    private protected void AddCell(in MutationCell cell)
    {
        if (cell.Family.Length is 0 or > sbyte.MaxValue) throw new ArgumentException($"A family has 1 to 127 bytes; this one has {cell.Family.Length}.");
        if (cell.Timestamp < 0) throw new ArgumentOutOfRangeException(nameof(cell), $"Timestamp {cell.Timestamp} is negative.");
        if (Count == _cells.Length) Array.Resize(ref _cells, Math.Max(2, 2 * Count));

        _cells[Count++] = cell;
        _size += cell.Family.Length + cell.Qualifier.Length + cell.Value.Length + 24;
    }
}

/// <summary>The numbers of MutationProto.MutationType.</summary>
internal enum MutationKind : byte
{
    Append = 0,
    Increment = 1,
    Put = 2,
    Delete = 3,
}

/// <summary>The numbers of MutationProto.DeleteType.</summary>
internal enum DeleteKind : byte
{
    OneVersion = 0,
    AllVersions = 1,
    Family = 2,
    FamilyVersion = 3,
    None = byte.MaxValue,
}

/// <summary>One column's part in a mutation.</summary>
internal readonly record struct MutationCell(
    ReadOnlyMemory<byte> Family, ReadOnlyMemory<byte> Qualifier, ReadOnlyMemory<byte> Value, long Timestamp = Mutation.ServerTime, DeleteKind Delete = DeleteKind.None);
