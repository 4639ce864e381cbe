using System.Collections.Concurrent;
using Grains.Streams.Cells;

namespace Grains.Streams.Cluster;

/// <summary>The streams whose cells this silo has, by name: where a call of another silo finds its stream.</summary>
internal sealed class CellDoors
{
    private readonly ConcurrentDictionary<string, ICellDoor> _doors = new(StringComparer.Ordinal);

    public void Open(string stream, ICellDoor door) => _doors[stream] = door;

    public void Close(string stream) => _doors.TryRemove(stream, out _);

    /// <summary>The cells of a stream; null where this silo does not run it, not yet or no more.</summary>
    public ICellDoor? Find(string stream) => _doors.GetValueOrDefault(stream);
}

/// <summary>The cells of one stream as another silo reaches them.</summary>
internal interface ICellDoor
{
    ValueTask<CellReply[]> HelloAsync(PartitionId partition, string[] keys);

    ValueTask<CellReply[]> ApplyAsync(ChunkMessage message);
}

/// <inheritdoc/>
internal sealed class CellDoor<TState, TEvent>(CellServer<TState, TEvent> server, IEventCodec<TEvent> codec) : ICellDoor
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    public ValueTask<CellReply[]> HelloAsync(PartitionId partition, string[] keys) => server.HelloAsync(partition, keys, CancellationToken.None);

    public ValueTask<CellReply[]> ApplyAsync(ChunkMessage message) => server.ApplyAsync(message.Partition, message.Chunks(codec), CancellationToken.None);
}
