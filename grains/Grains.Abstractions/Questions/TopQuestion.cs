namespace Grains.Abstractions.Questions;

/// <summary>Which courses have the most views.</summary>
/// <param name="Count">How many courses; at most 1,000.</param>
/// <param name="Of">The window: minute, ten minutes, hour or all time.</param>
[GenerateSerializer, Immutable]
public sealed record TopQuestion([property: Id(0)] int Count = 20, [property: Id(1)] WindowSpan Of = WindowSpan.Hour)
{
    /// <summary>The most courses of one answer.</summary>
    public const int MaxCount = 1000;
}
