namespace Grains.Abstractions.Questions;

/// <summary>Views in one window.</summary>
/// <param name="Span">How long the window is.</param>
/// <param name="Start">Its beginning, of event time; 1970 for all time.</param>
/// <param name="End">Its end, exclusive; may lie ahead of the newest event time.</param>
/// <param name="Views">The views in it.</param>
[GenerateSerializer, Immutable]
public readonly record struct WindowViews(
    [property: Id(0)] WindowSpan Span, [property: Id(1)] DateTimeOffset Start, [property: Id(2)] DateTimeOffset End, [property: Id(3)] long Views);
