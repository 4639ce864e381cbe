namespace Grains.Streams;

/// <summary>Takes the records that were not understood.</summary>
/// <remarks>A record may be handed in again after a crash; partition and position tell that it is the same.</remarks>
public interface IDeadLetters
{
    /// <summary>Takes one record. The span is valid during the call only.</summary>
    void Add(PartitionId partition, long position, string reason, ReadOnlySpan<byte> record);

    /// <summary>Completes when everything taken so far is kept. The position is not committed before.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
