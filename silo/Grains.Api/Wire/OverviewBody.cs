namespace Grains.Api.Wire;

/// <summary>What a screen on the wall shows: the top courses, and how the reading of the log goes.</summary>
internal sealed record OverviewBody(TopBody Top, StatusBody Status)
{
    /// <summary>Whether a listener who has <paramref name="other"/> would learn nothing new.</summary>
    public bool SaysTheSameAs(OverviewBody other)
        => Top.Window == other.Top.Window
            && Top.CourseCount == other.Top.CourseCount
            && Status.Records == other.Status.Records
            && Status.EventTime == other.Status.EventTime
            && Status.RecordsPerSecond.Equals(other.Status.RecordsPerSecond)
            && Status.Partitions.SequenceEqual(other.Status.Partitions)
            && Top.Courses.AsSpan().SequenceEqual(other.Top.Courses);
}
