using Grains.Streams.Cells;
using Orleans.Services;

namespace Grains.Streams.Cluster;

/// <summary>The door of a silo through which other silos' pumps reach its cells.</summary>
[Alias("Grains.Streams.ICellGrainService")]
internal interface ICellGrainService : IGrainService
{
    /// <summary>Opens the cells of these keys, and asks how far they have come in a partition. One reply a key, in order.</summary>
    [Alias("Hello")]
    Task<CellReply[]> HelloAsync(string stream, PartitionId partition, string[] keys);

    /// <summary>Counts these chunks. One reply a chunk, in order.</summary>
    [Alias("Apply")]
    Task<CellReply[]> ApplyAsync(string stream, ChunkMessage message);
}
