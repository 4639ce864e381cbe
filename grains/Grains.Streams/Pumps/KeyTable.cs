using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;

namespace Grains.Streams.Pumps;

/// <summary>Finds what is known of a key by the bytes of the key, without making a string of it.</summary>
/// <remarks>
/// <para>
/// Open addressing with linear probing. Made for keys that are many and cold, where each cache line costs more than all arithmetic: an entry has the whole hash beside the value,
/// and a key of up to seven bytes is its own hash (a product with an odd number loses nothing), so that finding it touches one entry and nothing else.
/// </para>
/// <para>The hashes differ from table to table, so that nobody can choose keys that collide. Multiply-shift hashing: Dietzfelbinger et al., A Reliable Randomized Algorithm for the Closest-Pair Problem, 1997.</para>
/// <para>For one thread at a time. Invariant: the low bit of a hash tells short keys from long ones; at least a quarter of the entries is free.</para>
/// </remarks>
internal sealed class KeyTable<T>
    where T : class
{
    private const int LongestShort = 7;
    private const int LeastEntries = 16;

    // Odd: multiplying by an odd number is a bijection.
    private readonly ulong _multiplier = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
    private readonly Func<T, ReadOnlySpan<byte>, bool> _isOf;
    private Entry[] _entries = new Entry[LeastEntries];
    private int _shift = 64 - BitOperations.Log2(LeastEntries);

    /// <param name="isOf">Whether a value is of a key; asked for long keys only.</param>
    public KeyTable(Func<T, ReadOnlySpan<byte>, bool> isOf) => _isOf = isOf;

    public int Count { get; private set; }

    /// <summary>The hash of a key in this table, for <see cref="Touch"/> and <see cref="Find"/>.</summary>
    public ulong HashOf(ReadOnlySpan<byte> key) => key.Length <= LongestShort ? ((Packed(key) * _multiplier) << 1) | 1 : XxHash3.HashToUInt64(key, (long)_multiplier) & ~1UL;

    /// <summary>Fetches the memory that <see cref="Find"/> is going to need; the answer means nothing.</summary>
    public int Touch(ulong hash) => (int)_entries[(int)(hash >> _shift)].Hash;

    /// <summary>The value of a key, or <see langword="null"/>.</summary>
    /// <remarks>Runs per record; allocates nothing, unless the question whether a value is of a key does.</remarks>
    public T? Find(ulong hash, ReadOnlySpan<byte> key)
    {
        var entries = _entries;
        for (var at = (int)(hash >> _shift); ; at = (at + 1) & (entries.Length - 1))
        {
            ref var entry = ref entries[at];
            if (entry.Value is null) return null;
            if (entry.Hash == hash && (key.Length <= LongestShort || _isOf(entry.Value, key))) return entry.Value;
        }
    }

    /// <summary>Adds a key that is not in it.</summary>
    public void Add(ReadOnlySpan<byte> key, T value)
    {
        if (Count >= _entries.Length / 4 * 3) Rebuild(_entries.Length * 2, static _ => true);

        Place(new Entry(HashOf(key), value));
    }

    /// <summary>Forgets every value that is not to be kept.</summary>
    public void Keep(Func<T, bool> isKept)
    {
        Rebuild(_entries.Length, isKept);
    }

    // The bytes and their number in 59 bits.
    private static ulong Packed(ReadOnlySpan<byte> key)
    {
        var packed = (ulong)key.Length << 56;
        for (var i = 0; i < key.Length; i++) packed |= (ulong)key[i] << (8 * i);
        return packed;
    }

    private void Rebuild(int length, Func<T, bool> isKept)
    {
        var before = _entries;
        (_entries, _shift, Count) = (new Entry[length], 64 - BitOperations.Log2((uint)length), 0);
        foreach (ref readonly var entry in before.AsSpan())
        {
            if (entry.Value is not null && isKept(entry.Value)) Place(entry);
        }
    }

    private void Place(Entry entry)
    {
        var at = (int)(entry.Hash >> _shift);
        while (_entries[at].Value is not null) at = (at + 1) & (_entries.Length - 1);
        _entries[at] = entry;
        Count++;
    }

    private readonly struct Entry(ulong hash, T value)
    {
        public readonly ulong Hash = hash;
        public readonly T? Value = value;
    }
}
