namespace Grains.Weblog.Traffic;

/// <summary>A stream of random numbers that is a function of where it starts: SplitMix64 (Steele, Lea and Flood, 2014).</summary>
internal struct TrafficRandom(long seed, long index)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = Mix((ulong)seed * Step) ^ ((ulong)index * 0xD1342543DE82EF95);

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += Step);

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>0 to 1, without 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
