using Grains.Streams.Pumps;

namespace Grains.Streams;

/// <summary>What was read of a partition since its reading began here.</summary>
/// <param name="Kept">Records that became events.</param>
/// <param name="Skipped">Records that are not wanted, by reason.</param>
/// <param name="Refused">Records that were not understood, by reason.</param>
/// <param name="Bytes">Bytes of all records.</param>
/// <param name="Replayed">Events that were read again and had been counted before.</param>
/// <param name="Rewinds">How often reading went back.</param>
public sealed record PumpReport(long Kept, IReadOnlyDictionary<string, long> Skipped, IReadOnlyDictionary<string, long> Refused, long Bytes, long Replayed, long Rewinds)
{
    /// <summary>Nothing was read.</summary>
    public static PumpReport Empty { get; } = new(0, new Dictionary<string, long>(), new Dictionary<string, long>(), 0, 0, 0);

    /// <summary>Kept + skipped + refused.</summary>
    public long Records => Kept + Skipped.Values.Sum() + Refused.Values.Sum();

    /// <summary>Both together.</summary>
    public static PumpReport operator +(PumpReport one, PumpReport other) => new(
        one.Kept + other.Kept,
        Sum(one.Skipped, other.Skipped),
        Sum(one.Refused, other.Refused),
        one.Bytes + other.Bytes,
        one.Replayed + other.Replayed,
        one.Rewinds + other.Rewinds);

    internal static PumpReport Of(PumpCounters counters, Func<byte, string> nameOf) =>
        new(counters.Kept, Named(counters.Skipped, nameOf), Named(counters.Refused, nameOf), counters.Bytes, counters.Replayed, counters.Rewinds);

    private static Dictionary<string, long> Sum(IReadOnlyDictionary<string, long> one, IReadOnlyDictionary<string, long> other) =>
        one.Concat(other).GroupBy(count => count.Key, count => count.Value).ToDictionary(reason => reason.Key, reason => reason.Sum());

    private static Dictionary<string, long> Named(ReadOnlySpan<long> counts, Func<byte, string> nameOf)
    {
        var named = new Dictionary<string, long>();
        for (var reason = 0; reason < counts.Length; reason++)
        {
            if (counts[reason] > 0) named[nameOf((byte)reason)] = counts[reason];
        }

        return named;
    }
}
