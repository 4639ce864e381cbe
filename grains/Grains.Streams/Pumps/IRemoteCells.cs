using Grains.Streams.Cells;

namespace Grains.Streams.Pumps;

/// <summary>The cells of another silo. Every call may fail with its outcome unknown, may be lost, and may arrive twice or late; the protocol expects all of it.</summary>
internal interface IRemoteCells<TEvent>
    where TEvent : unmanaged
{
    /// <summary>Opens the cells of these keys, and asks how far they have come. One reply a key, in order.</summary>
    Task<CellReply[]> HelloAsync(PartitionId partition, IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Counts these chunks. One reply a chunk, in order.</summary>
    Task<CellReply[]> ApplyAsync(PartitionId partition, IReadOnlyList<Chunk<TEvent>> chunks, CancellationToken cancellationToken);
}
