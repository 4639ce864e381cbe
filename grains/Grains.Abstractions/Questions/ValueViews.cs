namespace Grains.Abstractions.Questions;

/// <summary>Views of one value of a dimension.</summary>
[GenerateSerializer, Immutable]
public readonly record struct ValueViews([property: Id(0)] string Value, [property: Id(1)] long Views);
