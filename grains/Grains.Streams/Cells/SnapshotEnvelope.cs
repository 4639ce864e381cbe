using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Grains.Streams.Cells;

/// <summary>The bytes of a snapshot row: the positions it contains, the state, and a checksum of both.</summary>
/// <remarks>
/// <code>
/// row       = format:1 | varint sources | source* | state | xxhash32 of all before it:4 little endian
/// source    = varint length | ASCII name | varint partitions | (varint partition | varint position + 1)*
/// </code>
/// </remarks>
internal static class SnapshotEnvelope
{
    private const byte Format = 1;
    private const int ChecksumBytes = 4;

    /// <summary>Writes what stands before the state.</summary>
    /// <returns>Where the row begins, for <see cref="End"/>.</returns>
    public static int Begin(ArrayBufferWriter<byte> row, PartitionTable partitions, in Marks marks)
    {
        var start = row.WrittenCount;
        Varint.WriteByte(row, Format);
        WritePositions(row, partitions, in marks);
        return start;
    }

    /// <summary>Writes what stands after the state.</summary>
    public static void End(ArrayBufferWriter<byte> row, int start)
    {
        var hash = XxHash32.HashToUInt32(row.WrittenSpan[start..]);
        BinaryPrimitives.WriteUInt32LittleEndian(row.GetSpan(ChecksumBytes), hash);
        row.Advance(ChecksumBytes);
    }

    /// <exception cref="FormatException">The row is damaged, or of a later format.</exception>
    public static (Mark[] Marks, ReadOnlyMemory<byte> State) Read(ReadOnlyMemory<byte> row, PartitionTable partitions)
    {
        var bytes = row.Span;
        if (bytes.Length < 2 + ChecksumBytes) throw new FormatException($"A snapshot row of {bytes.Length} bytes is too short to be one.");
        if (bytes[0] != Format) throw new FormatException($"The snapshot row is of format {bytes[0]}; this version reads format {Format}. It was written by a later version, or is damaged.");

        var body = bytes[..^ChecksumBytes];
        if (XxHash32.HashToUInt32(body) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..])) throw new FormatException("The snapshot row's checksum does not match: it is damaged.");

        var rest = body[1..];
        var marks = new List<Mark>();
        for (var sources = Varint.Read(ref rest); sources > 0; sources--)
        {
            var name = Encoding.ASCII.GetString(Varint.ReadBytes(ref rest));
            for (var count = Varint.Read(ref rest); count > 0; count--)
            {
                var partition = checked((int)Varint.Read(ref rest));
                var position = (long)Varint.Read(ref rest) - 1;
                marks.Add(new Mark(partitions.NumberOf(new PartitionId(name, partition)), position));
            }
        }

        return ([.. marks], row[(body.Length - rest.Length)..^ChecksumBytes]);
    }

    // Marks of one source stand together in the order they were first seen; a name is written once for a run of them.
    private static void WritePositions(ArrayBufferWriter<byte> row, PartitionTable partitions, in Marks marks)
    {
        var runs = 0;
        for (var i = 0; i < marks.Count; i++)
        {
            if (i == 0 || SourceOf(in marks, i) != SourceOf(in marks, i - 1)) runs++;
        }

        Varint.Write(row, (ulong)runs);
        for (var i = 0; i < marks.Count;)
        {
            var end = i + 1;
            while (end < marks.Count && SourceOf(in marks, end) == SourceOf(in marks, i)) end++;

            Varint.WriteAscii(row, SourceOf(in marks, i));
            Varint.Write(row, (ulong)(end - i));
            for (; i < end; i++)
            {
                Varint.Write(row, (ulong)partitions[marks.At(i).Partition].Partition);
                Varint.Write(row, (ulong)(marks.At(i).Applied + 1));
            }
        }

        string SourceOf(in Marks held, int index) => partitions[held.At(index).Partition].Source;
    }
}
