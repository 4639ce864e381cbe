using System.Globalization;
using System.Text;

namespace Grains.Weblog;

/// <summary>What servers do to bytes of a request that would break a log line: Apache writes <c>\"</c>, <c>\\</c> and <c>\xHH</c>, nginx <c>\xHH</c>.</summary>
internal static class LogEscapes
{
    /// <summary>The text of a field, its escapes undone. A backslash that begins none of them is itself.</summary>
    public static string Undo(ReadOnlySpan<byte> field)
    {
        var bytes = new byte[field.Length];
        var length = 0;
        for (var i = 0; i < field.Length; i++)
        {
            var b = field[i];
            if (b == '\\' && i + 1 < field.Length)
            {
                if (field[i + 1] is (byte)'"' or (byte)'\\') b = field[++i];
                else if (field[i + 1] == 'x' && i + 3 < field.Length && byte.TryParse(field.Slice(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                {
                    b = value;
                    i += 3;
                }
            }

            bytes[length++] = b;
        }

        return Encoding.UTF8.GetString(bytes.AsSpan(0, length));
    }

    /// <summary>Where the quote is that ends a field: the first one that no backslash escapes; -1 if there is none.</summary>
    public static int ClosingQuote(ReadOnlySpan<byte> field)
    {
        for (var from = 0; ;)
        {
            var at = field[from..].IndexOfAny((byte)'"', (byte)'\\');
            if (at < 0) return -1;
            if (field[from + at] == '"') return from + at;

            from += at + 2;
            if (from >= field.Length) return -1;
        }
    }
}
