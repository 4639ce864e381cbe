using System.Buffers;
using Grains.Abstractions;
using Grains.Windows;

namespace Grains.Tests.Unit.Windows;

/// <summary>Short ways to do to a course what a cell does.</summary>
internal static class Course
{
    /// <summary>2025-11-24T16:00:00Z, the beginning of a block.</summary>
    public const uint Start = 1_764_000_000;

    public static readonly NamedView ChromeInChina = new(Start, "Chrome", "Windows", "desktop", "CN", "direct");

    public static CourseWindows New(CourseVocabulary vocabulary, WindowSettings? settings = null) => new(new WindowRules(vocabulary, settings ?? new WindowSettings { ClosedBytesInRow = 0 }));

    public static CourseWindows With(CourseVocabulary vocabulary, params ReadOnlySpan<NamedView> views)
    {
        var course = New(vocabulary);
        foreach (var view in views) course.Apply([view.In(vocabulary)]);
        return course;
    }

    public static (byte[] Row, List<ClosedBlock> Closed) Saved(this CourseWindows course)
    {
        var row = new ArrayBufferWriter<byte>();
        var closed = new List<ClosedBlock>();
        course.Save(row, closed);
        return (row.WrittenSpan.ToArray(), closed);
    }

    public static CourseWindows Load(CourseVocabulary vocabulary, ReadOnlySpan<byte> row)
    {
        var course = New(vocabulary);
        course.Load(row);
        return course;
    }

    public static List<long> MissingIn(this CourseWindows course, params ReadOnlySpan<CourseEvent> chunk)
    {
        var missing = new List<long>();
        course.Missing(chunk, missing);
        return missing;
    }
}
