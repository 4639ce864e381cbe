using Grains.Streams.Cells;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Grains.Streams.Cluster;

/// <inheritdoc cref="ICellGrainService"/>
[Reentrant]
internal sealed class CellGrainService(GrainId id, Silo silo, ILoggerFactory logs, CellDoors doors) : GrainService(id, silo, logs), ICellGrainService
{
    private static readonly CellReply NotOwner = new(CellAnswer.NotOwner, 0, Mark.None, Mark.None);

    // On the thread pool: the service is one thread, and pumps of several silos call at once. Cells have their own locks.
    public Task<CellReply[]> HelloAsync(string stream, PartitionId partition, string[] keys) =>
        doors.Find(stream) is { } door ? Task.Run(() => door.HelloAsync(partition, keys).AsTask()) : Task.FromResult(Refuse(keys.Length));

    public Task<CellReply[]> ApplyAsync(string stream, ChunkMessage message) =>
        doors.Find(stream) is { } door ? Task.Run(() => door.ApplyAsync(message).AsTask()) : Task.FromResult(Refuse(message.Keys.Length));

    private static CellReply[] Refuse(int count)
    {
        var replies = new CellReply[count];
        Array.Fill(replies, NotOwner);
        return replies;
    }
}
