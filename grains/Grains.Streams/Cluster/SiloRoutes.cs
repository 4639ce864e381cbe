using System.Collections.Concurrent;
using Grains.Streams.Cells;
using Grains.Streams.Pumps;

namespace Grains.Streams.Cluster;

/// <summary>The routes of one stream in a cluster: the ring says which silo, its door is asked over Orleans' own connections.</summary>
internal sealed class SiloRoutes<TEvent>(string stream, SiloRing ring, ILocalSiloDetails local, CellGrainServiceClient client, IEventCodec<TEvent> codec) : ICellRoutes<TEvent>
    where TEvent : unmanaged
{
    private readonly ConcurrentDictionary<SiloAddress, RemoteSilo> _silos = new();

    public int Version => ring.Version;

    public IRemoteCells<TEvent>? RouteOf(string key)
    {
        var owner = ring.OwnerOf(key);
        return owner.Equals(local.SiloAddress) ? null : _silos.GetOrAdd(owner, static (silo, routes) => new RemoteSilo(routes, silo), this);
    }

    private sealed class RemoteSilo(SiloRoutes<TEvent> routes, SiloAddress silo) : IRemoteCells<TEvent>
    {
        public Task<CellReply[]> HelloAsync(PartitionId partition, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
            routes.Client.At(silo).HelloAsync(routes.Stream, partition, [.. keys]).WaitAsync(cancellationToken);

        public Task<CellReply[]> ApplyAsync(PartitionId partition, IReadOnlyList<Chunk<TEvent>> chunks, CancellationToken cancellationToken) =>
            routes.Client.At(silo).ApplyAsync(routes.Stream, ChunkMessage.Of(partition, chunks, routes.Codec)).WaitAsync(cancellationToken);
    }

    private string Stream => stream;

    private CellGrainServiceClient Client => client;

    private IEventCodec<TEvent> Codec => codec;
}
