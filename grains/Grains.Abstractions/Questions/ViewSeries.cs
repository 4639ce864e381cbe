namespace Grains.Abstractions.Questions;

/// <summary>Views over time.</summary>
/// <param name="Resolution">The width of a point.</param>
/// <param name="Start">The beginning of the first point, of event time.</param>
/// <param name="StepSeconds">The width of a point in seconds.</param>
/// <param name="Views">One number a point, oldest first.</param>
[GenerateSerializer, Immutable]
public sealed record ViewSeries(
    [property: Id(0)] WindowSpan Resolution, [property: Id(1)] DateTimeOffset Start, [property: Id(2)] int StepSeconds, [property: Id(3)] IReadOnlyList<long> Views);
