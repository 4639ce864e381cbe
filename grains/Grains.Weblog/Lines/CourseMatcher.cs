using System.Text;
using Grains.Abstractions;

namespace Grains.Weblog.Lines;

/// <summary>A <see cref="CourseRule"/> made ready for bytes. Immutable.</summary>
/// <remarks>Runs per record; allocates nothing.</remarks>
internal sealed class CourseMatcher
{
    private readonly byte[][] _methods;
    private readonly byte[] _prefix;
    private readonly byte[] _suffix;
    private readonly int _minStatus;
    private readonly int _maxStatus;
    private readonly bool _ignoreQuery;
    private readonly bool _digitsOnly;

    public CourseMatcher(CourseRule rule)
    {
        var mark = rule.Path.IndexOf(CourseRule.IdMark, StringComparison.Ordinal);
        _methods = [.. rule.Methods.Select(Encoding.UTF8.GetBytes)];
        _prefix = Encoding.UTF8.GetBytes(rule.Path[..mark]);
        _suffix = Encoding.UTF8.GetBytes(rule.Path[(mark + CourseRule.IdMark.Length)..]);
        (_minStatus, _maxStatus) = (rule.MinStatus, rule.MaxStatus);
        (_ignoreQuery, _digitsOnly) = (rule.IgnoreQuery, rule.DigitsOnly);
    }

    /// <summary><see cref="LineOutcome.Kept"/> and the course, or why the request is not a view of one.</summary>
    public LineOutcome Match(scoped in LineFields fields, out ReadOnlySpan<byte> course)
    {
        course = default;
        if (!Counts(fields.Method)) return LineOutcome.NotGet;
        if (fields.Status < _minStatus || fields.Status > _maxStatus) return LineOutcome.NotSuccess;
        if (!fields.Target.StartsWith(_prefix)) return LineOutcome.NotCourse;

        var path = fields.Target[_prefix.Length..];
        if (!path.EndsWith(_suffix) || path.Contains((byte)'?'))
        {
            var query = _ignoreQuery ? path.IndexOf((byte)'?') : -1;
            if (query < 0 || !(path = path[..query]).EndsWith(_suffix)) return LineOutcome.NotCourse;
        }

        var id = path[..^_suffix.Length];
        if (!CourseId.IsValid(id) || (_digitsOnly && id.ContainsAnyExceptInRange((byte)'0', (byte)'9'))) return LineOutcome.NotCourse;

        course = id;
        return LineOutcome.Kept;
    }

    private bool Counts(ReadOnlySpan<byte> method)
    {
        foreach (var counted in _methods)
        {
            if (method.SequenceEqual(counted)) return true;
        }

        return false;
    }
}
