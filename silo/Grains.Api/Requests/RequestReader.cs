using System.Globalization;
using Grains.Abstractions;
using Grains.Abstractions.Questions;

namespace Grains.Api.Requests;

/// <summary>Takes the parts of one request and collects what is wrong with them, so that the asker is told everything at once.</summary>
internal struct RequestReader
{
    private static readonly TimeSpan FurthestOffset = TimeSpan.FromHours(14);

    private Dictionary<string, string[]>? _faults;

    /// <summary>What is wrong, by parameter; null where nothing is.</summary>
    public readonly IDictionary<string, string[]>? Faults => _faults;

    /// <summary>Takes a course id from the path.</summary>
    public CourseId Course(string text)
    {
        if (!CourseId.TryParse(text, out var course))
        {
            Fault("id", $"A course id is 1 to {CourseId.MaxBytes} printable ASCII characters without '/', '\\', quotes and spaces.");
        }

        return course;
    }

    /// <summary>Takes the name of a window out of those that are allowed.</summary>
    public WindowSpan Window(string parameter, string? text, WindowSpan otherwise, ReadOnlySpan<WindowSpan> allowed)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        if (WindowNames.Find(text) is { } span && allowed.Contains(span)) return span;

        var names = new string[allowed.Length];
        for (var i = 0; i < names.Length; i++) names[i] = WindowNames.Name(allowed[i]);
        Fault(parameter, $"'{Shown(text)}' is none of {string.Join(", ", names)}.");
        return otherwise;
    }

    /// <summary>Takes a whole number between two bounds, both inclusive.</summary>
    public int Number(string parameter, string? text, int otherwise, int least, int most)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;

        Fault(parameter, $"'{Shown(text)}' is no whole number from {least} to {most}.");
        return otherwise;
    }

    /// <summary>Takes an offset from UTC: <c>+08:00</c>, <c>-03:30</c>, <c>Z</c>.</summary>
    /// <remarks>A plus sign that was not escaped arrives as a space.</remarks>
    public TimeSpan UtcOffset(string parameter, string? text)
    {
        if (text is null or "" or "Z" or "z") return TimeSpan.Zero;

        var isNegative = text[0] == '-';
        if ((isNegative || text[0] is '+' or ' ')
            && TimeSpan.TryParseExact(text.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var offset)
            && offset <= FurthestOffset)
        {
            return isNegative ? -offset : offset;
        }

        Fault(parameter, $"'{Shown(text)}' is no offset from UTC such as +08:00, -03:30 or Z, of at most 14 hours.");
        return TimeSpan.Zero;
    }

    /// <summary>Notes a fault.</summary>
    public void Fault(string parameter, string text) => (_faults ??= [])[parameter] = [text];

    /// <summary>At most 40 characters of what was sent.</summary>
    public static string Shown(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 39)}…";
}
