using System.Buffers.Binary;

namespace HBase.Client.Protocol;

/// <summary>Reads cells: the block of KeyValues behind a response, or the cells inside of one. See <see cref="HBaseCell"/> for the layout.</summary>
internal static class CellBlock
{
    /// <summary>The bytes that the first <paramref name="count"/> cells of the block take, each of them checked.</summary>
    public static int Measure(ReadOnlySpan<byte> block, int count)
    {
        if (count < 0) throw new WireFormatException($"{count} cells announced.");

        var position = 0;
        for (var i = 0; i < count; i++) position += MeasureOne(block[position..]);
        return position;
    }

    /// <summary>Takes a row of <paramref name="count"/> cells off the front of a block, as a copy.</summary>
    public static HBaseRow Take(ref ReadOnlySpan<byte> block, int count)
    {
        var length = Measure(block, count);
        if (length == 0) return default;

        var cells = GC.AllocateUninitializedArray<byte>(length);
        block[..length].CopyTo(cells);
        block = block[length..];
        return new HBaseRow(cells, count);
    }

    /// <summary>Adds a cell that stands in the message itself (<c>Cell</c>: 1 row, 2 family, 3 qualifier, 4 timestamp, 5 type, 6 value) to a block.</summary>
    public static void AppendInline(FrameBuffer block, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> row = default, family = default, qualifier = default, value = default;
        var timestamp = 0L;
        var type = HBaseCell.TypePut;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: row = reader.ReadBytes(); break;
                case 2: family = reader.ReadBytes(); break;
                case 3: qualifier = reader.ReadBytes(); break;
                case 4: timestamp = (long)reader.ReadUInt64(); break;
                case 5: type = (byte)reader.ReadUInt64(); break;
                case 6: value = reader.ReadBytes(); break;
                default: reader.Skip(); break;
            }
        }

        Append(block, row, family, qualifier, timestamp, type, value);
    }

    public static void Append(
        FrameBuffer block, ReadOnlySpan<byte> row, ReadOnlySpan<byte> family, ReadOnlySpan<byte> qualifier, long timestamp, byte type, ReadOnlySpan<byte> value)
    {
        if (row.Length > short.MaxValue || family.Length > sbyte.MaxValue) throw new WireFormatException("The row or family of a cell is too long.");

        Span<byte> number = stackalloc byte[14];
        var keyLength = HBaseCell.KeyOverhead + row.Length + family.Length + qualifier.Length;
        BinaryPrimitives.WriteInt32BigEndian(number, 8 + keyLength + value.Length);
        BinaryPrimitives.WriteInt32BigEndian(number[4..], keyLength);
        BinaryPrimitives.WriteInt32BigEndian(number[8..], value.Length);
        BinaryPrimitives.WriteInt16BigEndian(number[12..], (short)row.Length);
        block.WriteRaw(number);
        block.WriteRaw(row);
        block.WriteByte((byte)family.Length);
        block.WriteRaw(family);
        block.WriteRaw(qualifier);
        BinaryPrimitives.WriteInt64BigEndian(number, timestamp);
        block.WriteRaw(number[..8]);
        block.WriteByte(type);
        block.WriteRaw(value);
    }

    private static int MeasureOne(ReadOnlySpan<byte> block)
    {
        if (block.Length < HBaseCell.RowStart) throw new WireFormatException("A cell runs past the end of its block.");

        long length = BinaryPrimitives.ReadInt32BigEndian(block);
        long keyLength = BinaryPrimitives.ReadInt32BigEndian(block[4..]);
        long valueLength = BinaryPrimitives.ReadInt32BigEndian(block[8..]);
        long rowLength = BinaryPrimitives.ReadInt16BigEndian(block[12..]);
        if (length > block.Length - HBaseCell.LengthBytes || keyLength < 0 || valueLength < 0 || length != 8 + keyLength + valueLength)
        {
            throw new WireFormatException($"A cell of {length} bytes has a key of {keyLength} and a value of {valueLength}.");
        }

        var familyAt = HBaseCell.RowStart + rowLength;
        if (rowLength < 0 || HBaseCell.KeyOverhead + rowLength > keyLength || HBaseCell.KeyOverhead + rowLength + block[(int)familyAt] > keyLength)
        {
            throw new WireFormatException($"A cell's key of {keyLength} bytes has a row of {rowLength}.");
        }

        return (int)length + HBaseCell.LengthBytes;
    }
}
