namespace Grains.Abstractions.Questions;

/// <summary>A position in one partition of the log.</summary>
[GenerateSerializer, Immutable]
public readonly record struct PartitionPosition([property: Id(0)] string Source, [property: Id(1)] int Partition, [property: Id(2)] long Position);
