namespace Grains.Windows;

/// <summary>How long windows stay open, and how long closed ones stay in memory. Both are event time.</summary>
public sealed class WindowSettings
{
    /// <summary>The least <see cref="AllowedLateness"/>: views of single seconds are kept for as long, and only in windows that are open.</summary>
    public static readonly TimeSpan LeastLateness = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long after its end ten minutes of a course stay open, by the newest event of the course. Default two minutes, and no less. Longer: more in each snapshot;
    /// shorter than the disorder of the log: late events, each of which costs a read of history.
    /// </summary>
    public TimeSpan AllowedLateness { get; init; } = LeastLateness;

    /// <summary>How long after its end a closed block stays in memory beside history. Default two hours. Longer: more memory a course; shorter: more questions that read history. Zero keeps none.</summary>
    public TimeSpan Cached { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// So many bytes of closed blocks stay in a course's snapshot row before they go to history. Default 256: most courses have few visits, and their blocks are smaller than what a
    /// history row costs beside its content. Larger: fewer history rows, more in each snapshot. Zero: every closed block is a history row.
    /// </summary>
    public int ClosedBytesInRow { get; init; } = 256;

    /// <summary>Every fault of these settings, empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (AllowedLateness < LeastLateness || AllowedLateness > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(AllowedLateness)} is {AllowedLateness}; it must be two minutes to a day (default two minutes).";
        }

        if (ClosedBytesInRow is < 0 or > 65_536) yield return $"{nameof(ClosedBytesInRow)} is {ClosedBytesInRow}; it must be 0 to 65,536 (default 256).";
        if (Cached < TimeSpan.Zero || Cached > TimeSpan.FromDays(31)) yield return $"{nameof(Cached)} is {Cached}; it must be zero to 31 days (default two hours).";
    }
}
