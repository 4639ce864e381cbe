using Grains.Streams.Cells;

namespace Grains.Streams;

/// <summary>Reads stored snapshot rows without a cell.</summary>
public static class SnapshotRows
{
    /// <summary>The state in a row, as <see cref="IKeyedState{TEvent}.Save"/> wrote it.</summary>
    /// <exception cref="FormatException">The row is damaged or of a later format.</exception>
    public static ReadOnlyMemory<byte> StateOf(ReadOnlyMemory<byte> row) => SnapshotEnvelope.Read(row, new PartitionTable()).State;
}
