namespace Grains.Streams.Cells;

/// <summary>How far one partition has come in one cell.</summary>
/// <remarks>Invariant: Durable ≤ Applied.</remarks>
internal struct Mark(int partition, long position)
{
    /// <summary>The position before the first record of any partition.</summary>
    public const long None = -1;

    // One more than the number, so that the default value is no mark.
    private readonly int _numberAndOne = partition + 1;

    /// <summary>The last position whose event is counted.</summary>
    public long Applied = position;

    /// <summary>The applied position in the row that the storage holds.</summary>
    public long Durable = position;

    /// <summary>The partition's number in <see cref="PartitionTable"/>.</summary>
    public readonly int Partition => _numberAndOne - 1;

    /// <summary>Whether it is a mark: the default value is none.</summary>
    public readonly bool IsPresent => _numberAndOne != 0;
}
