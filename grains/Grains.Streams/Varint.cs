using System.Buffers;
using System.Text;

namespace Grains.Streams;

/// <summary>Unsigned LEB128 integers and what is made of them.</summary>
internal static class Varint
{
    private const int MaxBytes = 10;

    public static void WriteByte(IBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    public static void Write(IBufferWriter<byte> writer, ulong value)
    {
        var span = writer.GetSpan(MaxBytes);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        writer.Advance(length);
    }

    public static void WriteAscii(IBufferWriter<byte> writer, string text)
    {
        Write(writer, (ulong)text.Length);
        writer.Advance(Encoding.ASCII.GetBytes(text, writer.GetSpan(text.Length)));
    }

    /// <exception cref="FormatException">The bytes end too early, or the number is too long.</exception>
    public static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; i < MaxBytes && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] >= 0x80) continue;

            bytes = bytes[(i + 1)..];
            return value;
        }

        throw new FormatException("A number runs past the end of its row.");
    }

    /// <exception cref="FormatException">The bytes end too early.</exception>
    public static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> bytes)
    {
        var length = Read(ref bytes);
        if (length > (ulong)bytes.Length) throw new FormatException($"A run of {length} bytes runs past the end of its row.");

        var run = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return run;
    }
}
