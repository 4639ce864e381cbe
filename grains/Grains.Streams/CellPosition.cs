namespace Grains.Streams;

/// <summary>How far a state has come in one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Applied">The position of the last record counted.</param>
/// <param name="Durable">The position of the last record counted in the storage; -1 where there is none.</param>
public readonly record struct CellPosition(PartitionId Partition, long Applied, long Durable);
