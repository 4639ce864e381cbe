using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Grains.Streams.Cluster;

/// <summary>Puts a grain on the silo that owns the cell of its key, so that it answers from this process's memory.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OwnerPlacementAttribute() : PlacementAttribute(new OwnerPlacement());

/// <inheritdoc cref="OwnerPlacementAttribute"/>
[GenerateSerializer, Immutable]
internal sealed class OwnerPlacement : PlacementStrategy;

/// <inheritdoc cref="OwnerPlacementAttribute"/>
internal sealed class OwnerPlacementDirector(SiloRing ring) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var owner = ring.OwnerOf(target.GrainIdentity.Key.ToString()!);
        return Task.FromResult(silos.Contains(owner) ? owner : silos[0]);
    }
}
