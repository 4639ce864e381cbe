namespace Grains.Abstractions.Questions;

/// <summary>What to tell of one course.</summary>
/// <param name="Of">The window whose dimensions are listed: the one that holds the newest event time.</param>
/// <param name="Resolution">The width of one point of the series; <see cref="WindowSpan.AllTime"/> for no series.</param>
/// <param name="Points">How many points, the newest last; at most 1,440, and 120 of seconds.</param>
/// <param name="Top">How many values of each dimension are named; the others are summed in <see cref="DimensionAnswer.Rest"/>. At most 1,000.</param>
/// <param name="UtcOffset">Where midnight is: the offset of the asker's time zone from UTC.</param>
[GenerateSerializer, Immutable]
public sealed record CourseQuestion(
    [property: Id(0)] WindowSpan Of = WindowSpan.Hour,
    [property: Id(1)] WindowSpan Resolution = WindowSpan.Minute,
    [property: Id(2)] int Points = 60,
    [property: Id(3)] int Top = 10,
    [property: Id(4)] TimeSpan UtcOffset = default)
{
    /// <summary>The most points of a series.</summary>
    public const int MaxPoints = 1440;

    /// <summary>The most points of a series of seconds.</summary>
    public const int MaxSeconds = 120;

    /// <summary>The most values named of a dimension.</summary>
    public const int MaxTop = 1000;
}
