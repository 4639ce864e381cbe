namespace Grains.Abstractions.Questions;

/// <summary>Views by one dimension.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Values">The values with the most views, most first, then by name.</param>
/// <param name="Rest">The views of all values that are not named.</param>
[GenerateSerializer, Immutable]
public sealed record DimensionAnswer([property: Id(0)] Dimension Dimension, [property: Id(1)] IReadOnlyList<ValueViews> Values, [property: Id(2)] long Rest);
