namespace Grains.Abstractions.Questions;

/// <summary>Views of one course.</summary>
[GenerateSerializer, Immutable]
public readonly record struct CourseViews([property: Id(0)] CourseId Course, [property: Id(1)] long Views);
