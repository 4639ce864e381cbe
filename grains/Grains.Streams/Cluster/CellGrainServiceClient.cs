using Orleans.Runtime.Services;

namespace Grains.Streams.Cluster;

/// <summary>Finds the door of a given silo.</summary>
internal sealed class CellGrainServiceClient(IServiceProvider services) : GrainServiceClient<ICellGrainService>(services)
{
    public ICellGrainService At(SiloAddress silo) => GetGrainService(silo);
}
