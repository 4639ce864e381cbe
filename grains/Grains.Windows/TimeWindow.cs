using Grains.Abstractions.Questions;

namespace Grains.Windows;

/// <summary>A stretch of event time.</summary>
/// <param name="Start">Its first second, since 1970.</param>
/// <param name="End">Its end, exclusive.</param>
public readonly record struct TimeWindow(long Start, long End)
{
    /// <summary>The tumbling window of a span that holds <paramref name="asOf"/>; of <see cref="WindowSpan.AllTime"/> all up to there.</summary>
    /// <param name="span">How long it is.</param>
    /// <param name="asOf">Seconds since 1970.</param>
    /// <param name="utcOffset">Where midnight is, for <see cref="WindowSpan.Day"/>. Whole minutes.</param>
    public static TimeWindow Of(WindowSpan span, long asOf, TimeSpan utcOffset = default)
    {
        if (span == WindowSpan.AllTime) return new TimeWindow(0, asOf + 1);

        var length = SecondsOf(span);
        var offset = span == WindowSpan.Day ? OffsetSeconds(utcOffset) : 0;
        var start = asOf - Modulo(asOf + offset, length);
        return new TimeWindow(start, start + length);
    }

    /// <summary>So many windows of a span, the last of which holds <paramref name="asOf"/>, as one.</summary>
    public static TimeWindow Of(WindowSpan span, int points, long asOf, TimeSpan utcOffset = default)
    {
        var last = Of(span, asOf, utcOffset);
        return last with { Start = last.Start - ((points - 1) * SecondsOf(span)) };
    }

    /// <summary>The length of a span in seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span has none.</exception>
    public static long SecondsOf(WindowSpan span) => span switch
    {
        WindowSpan.Second => 1,
        WindowSpan.Minute => 60,
        WindowSpan.TenMinutes => 600,
        WindowSpan.Hour => 3600,
        WindowSpan.Day => 86_400,
        _ => throw new ArgumentOutOfRangeException(nameof(span), span, "It has no length."),
    };

    private static long OffsetSeconds(TimeSpan utcOffset) =>
        utcOffset.Ticks % TimeSpan.TicksPerMinute == 0 && utcOffset.Duration() <= TimeSpan.FromDays(1)
            ? (long)utcOffset.TotalSeconds
            : throw new ArgumentOutOfRangeException(nameof(utcOffset), utcOffset, "It must be whole minutes, a day at most.");

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
