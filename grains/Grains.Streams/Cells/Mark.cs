namespace Grains.Streams.Cells;

/// <summary>How far one partition has come in one cell.</summary>
/// <remarks>Invariant: Durable ≤ Captured ≤ Applied.</remarks>
internal struct Mark(int partition, long position)
{
    /// <summary>The position before the first record of any partition.</summary>
    public const long None = -1;

    /// <summary>The partition's number in <see cref="PartitionTable"/>.</summary>
    public readonly int Partition = partition;

    /// <summary>The last position whose event is counted.</summary>
    public long Applied = position;

    /// <summary>The applied position in the snapshot that is being written.</summary>
    public long Captured = position;

    /// <summary>The applied position in the row that the storage holds.</summary>
    public long Durable = position;
}
