using System.Buffers.Binary;

namespace HBase.Client;

/// <summary>One cell as it was read: a version of the value of one column of one row. A view of the bytes received; it allocates nothing.</summary>
/// <remarks>
/// Layout (KeyValue, big-endian): <c>int32 length of the rest | int32 key length | int32 value length | int16 row length | row | int8 family length | family | qualifier | int64 timestamp | int8 type | value</c>.
/// </remarks>
public readonly struct HBaseCell
{
    internal const int LengthBytes = sizeof(int);
    internal const int RowStart = 14;
    internal const int KeyOverhead = sizeof(short) + sizeof(byte) + sizeof(long) + sizeof(byte);
    internal const byte TypePut = 4;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _keyLength;
    private readonly short _rowLength;
    private readonly byte _familyLength;

    /// <param name="bytes">One KeyValue that <see cref="Protocol.CellBlock"/> has checked.</param>
    internal HBaseCell(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        _bytes = bytes;
        _keyLength = BinaryPrimitives.ReadInt32BigEndian(span[4..]);
        _rowLength = BinaryPrimitives.ReadInt16BigEndian(span[12..]);
        _familyLength = span[RowStart + _rowLength];
    }

    /// <summary>The row key.</summary>
    public ReadOnlyMemory<byte> Row => _bytes.Slice(RowStart, _rowLength);

    /// <summary>The column family.</summary>
    public ReadOnlyMemory<byte> Family => _bytes.Slice(RowStart + _rowLength + 1, _familyLength);

    /// <summary>The qualifier; may be empty.</summary>
    public ReadOnlyMemory<byte> Qualifier => _bytes.Slice(QualifierStart, TimestampStart - QualifierStart);

    /// <summary>The version: milliseconds since 1970 unless the writer chose otherwise.</summary>
    public long Timestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes.Span[TimestampStart..]);

    /// <summary>The value; may be empty.</summary>
    public ReadOnlyMemory<byte> Value => _bytes[(12 + _keyLength)..];

    /// <summary>Whether the cell is of this column.</summary>
    public bool IsColumn(ReadOnlySpan<byte> family, ReadOnlySpan<byte> qualifier) =>
        _bytes.Span.Slice(RowStart + _rowLength + 1, _familyLength).SequenceEqual(family) && _bytes.Span[QualifierStart..TimestampStart].SequenceEqual(qualifier);

    /// <summary>Row, column, version and length of the value, as the HBase shell would show them.</summary>
    public override string ToString() =>
        _bytes.IsEmpty ? "" : $"{HBaseBytes.ToDisplay(Row.Span)}/{HBaseBytes.ToDisplay(Family.Span)}:{HBaseBytes.ToDisplay(Qualifier.Span)}/{Timestamp}/{Value.Length} B";

    private int QualifierStart => RowStart + _rowLength + 1 + _familyLength;

    private int TimestampStart => 12 + _keyLength - sizeof(long) - sizeof(byte);
}
