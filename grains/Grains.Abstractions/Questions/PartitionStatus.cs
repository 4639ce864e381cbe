namespace Grains.Abstractions.Questions;

/// <summary>How far the reading of one partition is.</summary>
/// <param name="Source">The source.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Position">The position of the next record to be read.</param>
/// <param name="Durable">Everything below is durable: reading would go on from here after a crash.</param>
/// <param name="Lag">What is still to be read.</param>
/// <param name="DurableLag">What is read and not yet durable.</param>
/// <param name="Unit">The unit of the positions and lags: <c>By</c> or <c>{record}</c>.</param>
[GenerateSerializer, Immutable]
public sealed record PartitionStatus(
    [property: Id(0)] string Source,
    [property: Id(1)] int Partition,
    [property: Id(2)] long Position,
    [property: Id(3)] long Durable,
    [property: Id(4)] long Lag,
    [property: Id(5)] long DurableLag,
    [property: Id(6)] string Unit);
