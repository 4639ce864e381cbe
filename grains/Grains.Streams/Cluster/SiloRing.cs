using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Grains.Streams.Cluster;

/// <summary>Says which silo owns a key: of all active silos the one whose hash together with the key's is the highest (rendezvous hashing, Thaler and Ravishankar 1998).</summary>
/// <remarks>
/// A silo that comes or goes moves only the keys that it takes or had. Silos whose views differ for a moment may both believe that they own a key, or neither: the protocol expects it.
/// A silo that stops is no owner from the moment it says so.
/// </remarks>
internal sealed class SiloRing(IClusterMembershipService membership, ILocalSiloDetails local) : IKeyOwners
{
    private View _view = new([], MembershipVersion.MinValue);

    /// <summary>Changes whenever an owner may have changed.</summary>
    public int Version => Current().Number;

    /// <summary>The active silos.</summary>
    public IReadOnlyList<SiloAddress> Silos => Current().Silos;

    /// <inheritdoc/>
    public SiloAddress OwnerOf(string key)
    {
        var view = Current();
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
        var owner = local.SiloAddress;
        var best = 0UL;
        for (var i = 0; i < view.Silos.Length; i++)
        {
            var score = Mix(hash ^ view.Hashes[i]);
            if (i > 0 && score <= best) continue;

            (owner, best) = (view.Silos[i], score);
        }

        return owner;
    }

    /// <summary>Whether this silo owns a key.</summary>
    public bool Owns(string key) => OwnerOf(key).Equals(local.SiloAddress);

    private View Current()
    {
        var snapshot = membership.CurrentSnapshot;
        var view = Volatile.Read(ref _view);
        if (view.Membership == snapshot.Version) return view;

        var silos = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).Order().ToArray();
        // Silos that join or die without ever having been active change nothing here.
        var next = silos.AsSpan().SequenceEqual(view.Silos) ? view with { Membership = snapshot.Version } : new View(silos, snapshot.Version) { Number = view.Number + 1 };
        Interlocked.CompareExchange(ref _view, next, view);
        return Volatile.Read(ref _view);
    }

    // The finaliser of SplitMix64: every bit of the input changes half of the output's.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    private sealed record View(SiloAddress[] Silos, MembershipVersion Membership)
    {
        public int Number { get; init; }

        public ulong[] Hashes { get; } = [.. Silos.Select(silo => XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(silo.ToParsableString())))];
    }
}
