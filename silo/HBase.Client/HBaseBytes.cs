using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace HBase.Client;

/// <summary>HBase knows bytes only; these are the usual conversions, the same as those of the Java class <c>Bytes</c>.</summary>
public static class HBaseBytes
{
    /// <summary>The UTF-8 bytes of a text.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Eight bytes, big-endian: what <c>Increment</c> counts in.</summary>
    public static byte[] Int64(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>The number in eight big-endian bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly eight bytes.</exception>
    public static long ToInt64(ReadOnlySpan<byte> bytes) => bytes.Length == sizeof(long)
        ? BinaryPrimitives.ReadInt64BigEndian(bytes)
        : throw new ArgumentException($"{bytes.Length} bytes are not a 64-bit number; it has eight.", nameof(bytes));

    /// <summary>Bytes as the HBase shell shows them: printable ASCII as it is, the rest as <c>\xNN</c>.</summary>
    public static string ToDisplay(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and < 0x7F and not (byte)'\\') text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
        }

        return text.ToString();
    }

    /// <summary>The first row key behind all those with the prefix; empty (the end of the table) if there is none.</summary>
    public static byte[] PrefixEnd(ReadOnlySpan<byte> prefix)
    {
        var last = prefix.Length - 1;
        while (last >= 0 && prefix[last] == 0xFF) last--;
        if (last < 0) return [];

        var end = prefix[..(last + 1)].ToArray();
        end[last]++;
        return end;
    }

    /// <summary>The first row key behind this one.</summary>
    internal static byte[] Next(ReadOnlySpan<byte> row)
    {
        var next = new byte[row.Length + 1];
        row.CopyTo(next);
        return next;
    }
}
