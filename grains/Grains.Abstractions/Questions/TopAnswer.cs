namespace Grains.Abstractions.Questions;

/// <summary>The courses with the most views.</summary>
/// <param name="Of">The window, and the views of all courses in it.</param>
/// <param name="Courses">Most views first, then by id.</param>
/// <param name="CourseCount">How many courses have views in the window.</param>
/// <param name="MissingSilos">Silos of the cluster that did not answer: their courses are not in here.</param>
[GenerateSerializer, Immutable]
public sealed record TopAnswer([property: Id(0)] WindowViews Of, [property: Id(1)] IReadOnlyList<CourseViews> Courses, [property: Id(2)] long CourseCount, [property: Id(3)] int MissingSilos = 0);
