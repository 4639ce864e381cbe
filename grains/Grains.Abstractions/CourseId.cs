using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Grains.Abstractions;

/// <summary>The name of one course, as it stands in the path of its page: <c>112</c>, <c>edX+Demo</c>.</summary>
/// <remarks>1 to <see cref="MaxBytes"/> bytes of printable ASCII without <c>/</c>, quotes and white space; compared byte by byte.</remarks>
[GenerateSerializer, Immutable]
public readonly record struct CourseId
{
    /// <summary>The longest id, in bytes.</summary>
    public const int MaxBytes = 64;

    private CourseId(string value) => Value = value;

    /// <summary>The id itself.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>Whether <paramref name="utf8"/> could be a course id.</summary>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    public static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8.Length > MaxBytes) return false;

        foreach (var b in utf8)
        {
            if (b is <= (byte)' ' or >= 0x7f or (byte)'/' or (byte)'"' or (byte)'\\') return false;
        }

        return true;
    }

    /// <summary>Takes <paramref name="text"/> as a course id, if it can be one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CourseId course)
    {
        course = default;
        if (text is null || text.Length > MaxBytes || !IsValid(Encoding.UTF8.GetBytes(text))) return false;

        course = new CourseId(text);
        return true;
    }

    /// <summary>The id itself.</summary>
    public override string ToString() => Value;
}
