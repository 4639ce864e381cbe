using System.Buffers.Binary;

namespace HBase.Client;

/// <summary>The cells of one row as they were read, sorted by family, qualifier and newest version first. Empty where there was nothing.</summary>
/// <remarks>A view of the bytes received: cells are decoded as they are walked. The bytes are never reused; keeping one row of a scan keeps its chunk (about 2 MiB) alive, <see cref="ToOwned"/> does not.</remarks>
public readonly struct HBaseRow
{
    private readonly ReadOnlyMemory<byte> _cells;

    internal HBaseRow(ReadOnlyMemory<byte> cells, int count)
    {
        _cells = cells;
        Count = count;
    }

    /// <summary>Number of cells.</summary>
    public int Count { get; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>The row key; empty if the row is.</summary>
    public ReadOnlyMemory<byte> Key => IsEmpty ? default : First.Row;

    internal ReadOnlyMemory<byte> Cells => _cells;

    private HBaseCell First => new(_cells[..(HBaseCell.LengthBytes + BinaryPrimitives.ReadInt32BigEndian(_cells.Span))]);

    /// <summary>The newest value of a column; false if the row has none.</summary>
    public bool TryGetValue(ReadOnlySpan<byte> family, ReadOnlySpan<byte> qualifier, out ReadOnlyMemory<byte> value)
    {
        foreach (var cell in this)
        {
            if (!cell.IsColumn(family, qualifier)) continue;

            value = cell.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>A copy that shares no memory with its neighbours.</summary>
    public HBaseRow ToOwned() => new(_cells.ToArray(), Count);

    /// <summary>Walks the cells.</summary>
    public Enumerator GetEnumerator() => new(_cells);

    /// <summary>Key and number of cells.</summary>
    public override string ToString() => $"{HBaseBytes.ToDisplay(Key.Span)} ({Count} cells)";

    /// <summary>Walks the cells of a row.</summary>
    public struct Enumerator
    {
        private ReadOnlyMemory<byte> _rest;

        internal Enumerator(ReadOnlyMemory<byte> cells)
        {
            _rest = cells;
            Current = default;
        }

        /// <summary>The cell reached.</summary>
        public HBaseCell Current { get; private set; }

        /// <summary>Goes to the next cell; false at the end.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;

            var length = HBaseCell.LengthBytes + BinaryPrimitives.ReadInt32BigEndian(_rest.Span);
            Current = new HBaseCell(_rest[..length]);
            _rest = _rest[length..];
            return true;
        }
    }
}
