using Grains.Abstractions.Questions;

namespace Grains.Windows;

public partial class CourseWindows
{
    /// <summary>A copy to ask questions of, away from the course. Costs a copy of the open minutes.</summary>
    public CourseView View() => new(rules, in _open, in _packed, in _seconds, _leftOut, _wholeFrom) { Views = _views, Late = _late, Newest = _newest };

    /// <summary>The views in the window of a span that holds <paramref name="asOf"/>: the newest event time of the service in seconds since 1970, not before <see cref="Newest"/>.</summary>
    /// <remarks>For the comparison of all courses: reads no history, needs none, and allocates nothing. Days begin at midnight UTC.</remarks>
    public long ViewsIn(WindowSpan span, long asOf)
    {
        if (span == WindowSpan.AllTime) return _views;

        var window = TimeWindow.Of(span, asOf);
        if (window.Start > _newest) return 0;

        if (span == WindowSpan.Second) return _seconds.ViewsOf((uint)asOf, in _open, _newest / 60);

        Span<long> views = [0];
        new CourseMemory(in _open, _packed.Span, _newest).AddViews(views, window.Start, window.End - window.Start);
        return views[0];
    }
}
