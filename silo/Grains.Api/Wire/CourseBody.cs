using Grains.Abstractions.Questions;

namespace Grains.Api.Wire;

/// <summary>The numbers of one course.</summary>
/// <param name="Course">The course's id.</param>
/// <param name="Views">Views of all time.</param>
/// <param name="AsOf">What the numbers contain.</param>
/// <param name="Windows">Views of the window of each length that holds the newest event time.</param>
/// <param name="Dimensions">Views of one window by client, system, device, region and source.</param>
/// <param name="Series">Views over time; null where none was asked for.</param>
internal sealed record CourseBody(string Course, long Views, AsOfBody AsOf, WindowsBody Windows, DimensionsBody Dimensions, SeriesBody? Series)
{
    /// <summary>The answer as JSON has it.</summary>
    public static CourseBody From(CourseAnswer answer)
    {
        var windows = WindowsBody.From(answer.Views);
        return new CourseBody(
            answer.Course.Value, windows.AllTime.Views, AsOfBody.From(answer.AsOf), windows, DimensionsBody.From(answer.Of, answer.Dimensions), SeriesBody.From(answer.Series));
    }

    /// <summary>Whether a listener who has <paramref name="other"/> would learn nothing new.</summary>
    public bool SaysTheSameAs(CourseBody other)
        => Windows == other.Windows && AsOf.Durable == other.AsOf.Durable && AsOf.Late == other.AsOf.Late;
}
