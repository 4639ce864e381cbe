using Grains.Streams.Pumps;
using Grains.Streams.Storage;

namespace Grains.Streams.Cells;

/// <summary>Answers the pumps of other silos: the same greeting and the same counting that a pump of this silo does in place.</summary>
/// <param name="owns">Whether this silo owns a key, as far as it knows. A wrong answer costs time, never a count.</param>
internal sealed class CellServer<TState, TEvent>(CellHost<TState, TEvent> host, Func<string, bool> owns)
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private static readonly CellReply NotOwner = new(CellAnswer.NotOwner, 0, Mark.None, Mark.None);
    private static readonly CellReply Away = new(CellAnswer.Away, 0, Mark.None, Mark.None);
    private static readonly CellReply NoCell = new(CellAnswer.NoCell, 0, Mark.None, Mark.None);

    /// <summary>Opens the cells of these keys, and says how far they have come. One reply a key, in order.</summary>
    public async ValueTask<CellReply[]> HelloAsync(PartitionId partition, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var number = host.Partitions.NumberOf(partition);
        var absent = NoCell;
        try
        {
            await host.OpenSoonAsync([.. keys.Where(owns)], cancellationToken).ConfigureAwait(false);
        }
        catch (SnapshotStorageException away) when (away.IsTransient)
        {
            absent = Away;
        }

        return [.. keys.Select(key => owns(key) ? host.Find(key)?.Hello(number) ?? absent : NotOwner)];
    }

    /// <summary>Counts these chunks. One reply a chunk, in order.</summary>
    public async ValueTask<CellReply[]> ApplyAsync(PartitionId partition, IReadOnlyList<Chunk<TEvent>> chunks, CancellationToken cancellationToken)
    {
        var number = host.Partitions.NumberOf(partition);
        var replies = new CellReply[chunks.Count];
        for (var i = 0; i < replies.Length; i++)
        {
            var chunk = chunks[i];
            replies[i] = !owns(chunk.Key) ? NotOwner
                : host.Find(chunk.Key) is { } cell ? await ApplyAsync(cell, number, chunk, cancellationToken).ConfigureAwait(false)
                : NoCell;
        }

        return replies;
    }

    private async ValueTask<CellReply> ApplyAsync(Cell<TState, TEvent> cell, int partition, Chunk<TEvent> chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await host.ApplyAsync(cell, chunk.Epoch, partition, chunk.First, chunk.Last, chunk.Events, cancellationToken).ConfigureAwait(false);
        }
        catch (SnapshotStorageException away) when (away.IsTransient)
        {
            return Away;
        }
    }
}
