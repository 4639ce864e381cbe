namespace Grains.Cli.Looks;

/// <summary>Bars and lines out of block characters.</summary>
internal static class Bars
{
    private const string Eighths = " ▏▎▍▌▋▊▉█";
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>A bar of <paramref name="width"/> columns at most, true to an eighth of a column.</summary>
    public static string Bar(long part, long of, int width)
    {
        if (of <= 0 || part <= 0) return "";

        var eighths = (int)Math.Max(1, Math.Round(8.0 * width * part / of));
        var rest = eighths % 8;
        return new string('█', eighths / 8) + (rest == 0 ? "" : Eighths[rest]);
    }

    /// <summary>One character a point, the highest for the greatest.</summary>
    public static string Line(ReadOnlySpan<long> points)
    {
        long most = 1;
        foreach (var point in points) most = Math.Max(most, point);

        Span<char> line = stackalloc char[Math.Min(points.Length, 512)];
        points = points[^line.Length..];
        for (var i = 0; i < line.Length; i++) line[i] = Heights[(int)(points[i] * (Heights.Length - 1) / most)];
        return new string(line);
    }
}
