namespace Grains.Weblog.Lines;

/// <summary>Splits lines in Apache's and nginx's common and combined formats.</summary>
/// <remarks>
/// <code>address ident user [23/Nov/2026:10:15:32 +0000] "GET /class/112.html HTTP/1.1" 200 5123 "referrer" "agent"</code>
/// The plain reading comes first: a quote ends a field. Where the line does not fit it, a quote behind a backslash is part of its field, and more fields may
/// follow the agent. Runs per record; allocates nothing.
/// </remarks>
internal static class CombinedLine
{
    private const int TimeBytes = 26;

    /// <summary><see cref="LineOutcome.Kept"/>, or the reason why the line is not in this format.</summary>
    public static LineOutcome Split(ReadOnlySpan<byte> line, ref LineFields fields)
    {
        var at = line.IndexOf((byte)' ');
        if (at <= 0) return LineOutcome.NoFormat;

        fields.Address = line[..at];
        line = line[at..];
        if (line.StartsWith(" - - ["u8)) line = line[6..];
        else if (!TrySkipIdentity(ref line)) return LineOutcome.NoFormat;

        if (line.Length > TimeBytes && line[TimeBytes] == ']') at = TimeBytes;
        else if ((at = line.IndexOf((byte)']')) < 0) return LineOutcome.BadTime;

        fields.Time = line[..at];
        line = line[(at + 1)..];
        if (!line.StartsWith(" \""u8)) return LineOutcome.BadRequest;

        line = line[2..];
        var outcome = SplitRequest(line, ref fields, out var rest);
        if (outcome != LineOutcome.Kept) return outcome;

        // Digits or a hyphen, then the quotes, or the end.
        var size = 0;
        while (size < rest.Length && (uint)(rest[size] - '0') <= 9) size++;
        if (size == 0 && !rest.IsEmpty && rest[0] == '-') size = 1;
        if (size == 0) return LineOutcome.BadStatus;

        return SplitQuoted(rest[size..], ref fields);
    }

    /// <summary>Passes <c> ident user [</c>. Neither has white space in it.</summary>
    private static bool TrySkipIdentity(ref ReadOnlySpan<byte> line)
    {
        for (var token = 0; token < 2; token++)
        {
            line = line[1..];
            var end = line.IndexOf((byte)' ');
            if (end <= 0 || line[..end].ContainsAnyInRange((byte)'\t', (byte)'\r')) return false;

            line = line[end..];
        }

        if (!line.StartsWith(" ["u8)) return false;

        line = line[2..];
        return true;
    }

    /// <summary>Reads the request and the status. <paramref name="rest"/> begins with the size.</summary>
    private static LineOutcome SplitRequest(ReadOnlySpan<byte> line, scoped ref LineFields fields, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        if (!fields.TryReadRequest(line)) return LineOutcome.BadRequest;

        // The path may have a quote in it: what ends the request is the first quote behind the path.
        var begin = fields.Method.Length + fields.Target.Length + 2;
        var quote = line[begin..].IndexOf((byte)'"');
        if (quote < 0) return LineOutcome.BadRequest;
        if (TryReadStatus(line[(begin + quote + 1)..], ref fields, out rest)) return LineOutcome.Kept;

        quote = LogEscapes.ClosingQuote(line);
        // No request at all: "-", or bytes of another protocol.
        if (quote < begin) return LineOutcome.BadRequest;

        return TryReadStatus(line[(quote + 1)..], ref fields, out rest) ? LineOutcome.Kept : LineOutcome.BadStatus;
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> line, scoped ref LineFields fields, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        if (line.Length < 6 || line[0] != ' ' || line[4] != ' ') return false;

        fields.Status = LineFields.ReadStatus(line.Slice(1, 3));
        rest = line[5..];
        return fields.Status >= 0;
    }

    private static LineOutcome SplitQuoted(ReadOnlySpan<byte> line, ref LineFields fields)
    {
        if (line.IsEmpty)
        {
            // Common format: nothing is known of either.
            fields.Referrer = fields.Agent = "-"u8;
            return LineOutcome.Kept;
        }

        if (!line.StartsWith(" \""u8)) return LineOutcome.BadQuotes;

        line = line[2..];
        var referrer = line.IndexOf((byte)'"');
        if (referrer >= 0 && line[referrer..].StartsWith("\" \""u8))
        {
            var agent = line[(referrer + 3)..];
            if (!agent.IsEmpty && agent.IndexOf((byte)'"') == agent.Length - 1)
            {
                fields.Referrer = line[..referrer];
                fields.Agent = agent[..^1];
                return LineOutcome.Kept;
            }
        }

        return SplitEscaped(line, ref fields);
    }

    private static LineOutcome SplitEscaped(ReadOnlySpan<byte> line, ref LineFields fields)
    {
        var end = LogEscapes.ClosingQuote(line);
        if (end < 0 || !line[end..].StartsWith("\" \""u8)) return LineOutcome.BadQuotes;

        fields.Referrer = line[..end];
        line = line[(end + 3)..];
        end = LogEscapes.ClosingQuote(line);
        if (end < 0 || (end + 1 < line.Length && line[end + 1] != ' ')) return LineOutcome.BadQuotes;

        fields.Agent = line[..end];
        return LineOutcome.Kept;
    }
}
