namespace Grains.Streams.Cluster;

/// <summary>Says on which silo of the cluster the cell of a key is, as far as this silo knows: views of the cluster differ for a moment when silos come and go.</summary>
public interface IKeyOwners
{
    /// <summary>The owner of a key; this silo where none is active yet.</summary>
    SiloAddress OwnerOf(string key);
}
