namespace Grains.Weblog.Lines;

/// <summary>Splits lines whose fields have tabs between them, as the streaming tutorials write them.</summary>
/// <remarks>
/// <code>address \t 2026-11-23 10:15:32 \t "GET /class/112.html HTTP/1.1" \t 200 \t referrer [\t agent]</code>
/// Runs per record; allocates nothing.
/// </remarks>
internal static class TabbedLine
{
    /// <summary><see cref="LineOutcome.Kept"/>, or the reason why the line is not in this format.</summary>
    public static LineOutcome Split(ReadOnlySpan<byte> line, ref LineFields fields)
    {
        if (!TryTake(ref line, out fields.Address) || !TryTake(ref line, out fields.Time)) return LineOutcome.NoFormat;
        if (!TryTake(ref line, out var request) || request.Length < 2 || request[0] != '"' || request[^1] != '"') return LineOutcome.BadRequest;
        if (!fields.TryReadRequest(request[1..^1])) return LineOutcome.BadRequest;
        if (!TryTake(ref line, out var status) || (fields.Status = LineFields.ReadStatus(status)) < 0) return LineOutcome.BadStatus;

        if (TryTake(ref line, out fields.Referrer))
        {
            // What follows the agent is not ours.
            var end = line.IndexOf((byte)'\t');
            fields.Agent = Unquoted(end < 0 ? line : line[..end]);
        }
        else
        {
            fields.Referrer = line;
            fields.Agent = "-"u8;
        }

        fields.Referrer = Unquoted(fields.Referrer);
        return LineOutcome.Kept;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> field)
    {
        var end = line.IndexOf((byte)'\t');
        if (end < 0)
        {
            field = default;
            return false;
        }

        field = line[..end];
        line = line[(end + 1)..];
        return true;
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> field) => field.Length >= 2 && field[0] == '"' && field[^1] == '"' ? field[1..^1] : field;
}
