using System.Buffers.Binary;
using System.IO.Hashing;

namespace Grains.Windows.Rows;

/// <summary>The frame of every stored row: a format byte before, a checksum behind.</summary>
/// <remarks>
/// <code>
/// row: format byte | content | XxHash32 of all before it (little endian)
/// </code>
/// The checksum of a history row is seeded with its block's number, so that a row is not taken for that of another block.
/// All numbers are varints (seven bits a byte, low bits first) where nothing else is said.
/// </remarks>
internal static class RowFormat
{
    /// <summary>A history row: its content is one body.</summary>
    public const byte BlockRow = 0x11;

    /// <summary>A snapshot row.</summary>
    public const byte SnapshotRow = 0x21;

    private const int ChecksumBytes = 4;

    /// <summary>The content of a row.</summary>
    /// <exception cref="FormatException">It is not whole, or of a format that this version does not know.</exception>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> row, byte format, uint block)
    {
        if (row.Length < 1 + ChecksumBytes) throw Damaged("it is too short");

        var framed = row[..^ChecksumBytes];
        if (BinaryPrimitives.ReadUInt32LittleEndian(row[^ChecksumBytes..]) != XxHash32.HashToUInt32(framed, (int)block)) throw Damaged("its checksum is wrong");
        if (row[0] != format) throw new FormatException($"The row has format 0x{row[0]:x2}; this version reads 0x{format:x2}.");

        return framed[1..];
    }

    /// <summary>The content of a history row whose checksum was seen to be right before.</summary>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> row) => row[1..^ChecksumBytes];

    /// <summary>A history row.</summary>
    public static byte[] Seal(uint block, ReadOnlySpan<byte> body)
    {
        var row = new byte[1 + body.Length + ChecksumBytes];
        row[0] = BlockRow;
        body.CopyTo(row.AsSpan(1));
        BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(^ChecksumBytes..), XxHash32.HashToUInt32(row.AsSpan(..^ChecksumBytes), (int)block));
        return row;
    }

    /// <summary>Ends a snapshot row.</summary>
    public static void Seal(RowWriter row) => row.UInt32(XxHash32.HashToUInt32(row.Written));

    public static FormatException Damaged(string why) => new($"The row is damaged: {why}.");
}
