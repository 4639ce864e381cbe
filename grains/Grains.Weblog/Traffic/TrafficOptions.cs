namespace Grains.Weblog.Traffic;

/// <summary>What generated traffic is like. The same options give the same lines, everywhere and always.</summary>
public sealed class TrafficOptions
{
    /// <summary>Which of all possible traffics it is. Default 1.</summary>
    public long Seed { get; set; } = 1;

    /// <summary>How many courses the site has; ids are numbers, popularity falls as Zipf's law has it. Default 1,000; 1 to 10,000,000.</summary>
    public int Courses { get; set; } = 1_000;

    /// <summary>How many visitors there are, each with an address, an agent and a country of its own. Default 50,000; 1 to 100,000,000.</summary>
    public int Visitors { get; set; } = 50_000;

    /// <summary>Lines a second of event time, over a whole day. Default 200; above 0, to 10,000,000.</summary>
    public double LinesPerSecond { get; set; } = 200;

    /// <summary>The event time of line 0. Default 2026-01-01T00:00:00Z.</summary>
    public DateTimeOffset Start { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How far the day's rate swings about its mean, as a share of it: 0 (default) is the same rate all day, 0.5 half as much at 19:00 UTC and half as much again at 07:00, the Chinese afternoon. 0 to 0.9.</summary>
    public double DaySwing { get; set; }

    /// <summary>The share of lines that no parser understands. Default 0.002.</summary>
    public double BadShare { get; set; } = 0.002;

    /// <summary>The share of requests by crawlers and other programs. Default 0.05.</summary>
    public double BotShare { get; set; } = 0.05;

    internal TrafficOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Courses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Courses, 10_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Visitors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Visitors, 100_000_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LinesPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LinesPerSecond, 10_000_000);
        ArgumentOutOfRangeException.ThrowIfNegative(DaySwing);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DaySwing, 0.9);
        ArgumentOutOfRangeException.ThrowIfNegative(BadShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BadShare, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(BotShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BotShare, 1);
        return this;
    }
}
