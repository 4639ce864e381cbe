namespace Grains.Streams;

/// <summary>One partition of one source, and the key that a position is kept under.</summary>
/// <param name="Source">Names what was read so that another thing never has the same name: a topic's id rather than its name, so that a topic made again is a new source. At most 64 characters of ASCII.</param>
/// <param name="Partition">The partition's number in its source; 0 where a source has only one.</param>
[GenerateSerializer, Immutable]
public readonly record struct PartitionId([property: Id(0)] string Source, [property: Id(1)] int Partition)
{
    /// <summary><c>source/partition</c>.</summary>
    public override string ToString() => $"{Source}/{Partition}";
}
