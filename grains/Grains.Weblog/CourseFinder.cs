using Grains.Weblog.Lines;

namespace Grains.Weblog;

/// <summary>Finds the course of a log line and looks at nothing else of it: for those who distribute lines and do not count them. Needs no data files. Safe for concurrent use.</summary>
/// <param name="options">Valid options; read once. Used are the format and the rule for courses.</param>
public sealed class CourseFinder(WeblogOptions options)
{
    private readonly CourseMatcher _courses = new(options.Course);
    private readonly LogFormat _format = options.Format;

    /// <summary>The course, a slice of the line; empty where the line is no view of one.</summary>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> line)
    {
        var fields = default(LineFields);
        var isSplit = (_format != LogFormat.Tabbed && CombinedLine.Split(line, ref fields) == LineOutcome.Kept) || (_format != LogFormat.Combined && TabbedLine.Split(line, ref fields) == LineOutcome.Kept);
        return isSplit && _courses.Match(in fields, out var course) == LineOutcome.Kept ? course : default;
    }
}
