namespace Grains.Abstractions.Questions;

/// <summary>The numbers of one course.</summary>
/// <param name="Course">The course.</param>
/// <param name="AsOf">What the numbers contain.</param>
/// <param name="Views">Views of the window of each span that holds the newest event time: second, minute, ten minutes, hour, since midnight, all time.</param>
/// <param name="Of">The window that <paramref name="Dimensions"/> are of.</param>
/// <param name="Dimensions">Views by client, os, device, region and source.</param>
/// <param name="Series">Views over time, oldest first; null where none was asked for.</param>
[GenerateSerializer, Immutable]
public sealed record CourseAnswer(
    [property: Id(0)] CourseId Course,
    [property: Id(1)] AsOf AsOf,
    [property: Id(2)] IReadOnlyList<WindowViews> Views,
    [property: Id(3)] WindowViews Of,
    [property: Id(4)] IReadOnlyList<DimensionAnswer> Dimensions,
    [property: Id(5)] ViewSeries? Series);
