using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;

namespace Grains.Weblog;

/// <summary>A bounded memory of what short byte strings were found to be: agent → id, host → id.</summary>
/// <remarks>
/// Two generations: what is asked for while the older one is at hand moves to the younger; when the younger is full, the older is forgotten. So what is asked
/// for often stays, and a flood of strings that come once costs a fixed amount of memory. For one thread. A hit allocates nothing.
/// </remarks>
internal sealed class ByteCache
{
    private readonly int _perGeneration;
    private readonly int _mask;
    // Drawn anew for each cache, so that nobody can send strings that all fall into one place.
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private Entry[] _young;
    private Entry[] _old;
    private int _count;

    /// <param name="capacity">The most strings it remembers; at least 2.</param>
    public ByteCache(int capacity)
    {
        _perGeneration = Math.Max(1, capacity / 2);
        // At most half full, so that probes are short.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)_perGeneration * 2);
        _mask = size - 1;
        _young = new Entry[size];
        _old = new Entry[size];
    }

    /// <summary>What <paramref name="key"/> was found to be.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ushort value)
    {
        var hash = XxHash3.HashToUInt64(key, _seed);
        if (Find(_young, hash, key) is var young and >= 0)
        {
            value = _young[young].Value;
            return true;
        }

        var old = Find(_old, hash, key);
        if (old < 0)
        {
            value = 0;
            return false;
        }

        value = _old[old].Value;
        Insert(hash, _old[old].Key!, value);
        return true;
    }

    /// <summary>Remembers what <paramref name="key"/> was found to be. It must not be there yet.</summary>
    public void Add(ReadOnlySpan<byte> key, ushort value) => Insert(XxHash3.HashToUInt64(key, _seed), key.ToArray(), value);

    private int Find(Entry[] generation, ulong hash, ReadOnlySpan<byte> key)
    {
        for (var at = (int)hash & _mask; generation[at].Key is { } found; at = (at + 1) & _mask)
        {
            if (generation[at].Hash == hash && key.SequenceEqual(found)) return at;
        }

        return -1;
    }

    private void Insert(ulong hash, byte[] key, ushort value)
    {
        if (_count == _perGeneration)
        {
            (_young, _old) = (_old, _young);
            Array.Clear(_young);
            _count = 0;
        }

        var at = (int)hash & _mask;
        while (_young[at].Key is not null) at = (at + 1) & _mask;
        _young[at] = new(hash, key, value);
        _count++;
    }

    private readonly record struct Entry(ulong Hash, byte[]? Key, ushort Value);
}
