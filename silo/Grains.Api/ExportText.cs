using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Grains.Abstractions.Questions;

namespace Grains.Api;

/// <summary>One number of an export as a line of text: <c>course TAB windowStart TAB dimension TAB value TAB count LF</c>, UTF-8.</summary>
public static class ExportText
{
    /// <summary>Appends the line of <paramref name="row"/>.</summary>
    /// <remarks>Runs per row; allocates nothing. A control character inside a name would break the table: it is written as a space.</remarks>
    public static void Write(IBufferWriter<byte> text, ExportRow row)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = text.GetSpan(Encoding.UTF8.GetMaxByteCount(row.Course.Length + row.Dimension.Length + row.Value.Length) + 64);
        var length = Name(row.Course, line);
        line[length++] = (byte)'\t';
        length += Number(row.WindowStart, line[length..]);
        line[length++] = (byte)'\t';
        length += Name(row.Dimension, line[length..]);
        line[length++] = (byte)'\t';
        length += Name(row.Value, line[length..]);
        line[length++] = (byte)'\t';
        length += Number(row.Views, line[length..]);
        line[length++] = (byte)'\n';
        text.Advance(length);
    }

    private static int Name(string name, Span<byte> line)
    {
        var length = Encoding.UTF8.GetBytes(name, line);
        foreach (ref var b in line[..length])
        {
            if (b < (byte)' ') b = (byte)' ';
        }

        return length;
    }

    private static int Number(long number, Span<byte> line) => Utf8Formatter.TryFormat(number, line, out var length) ? length : throw new ArgumentException("The line is too short.", nameof(line));
}
