namespace Grains.Silo;

/// <summary>The traffic that is generated where no log is named.</summary>
public sealed class TrafficSettings
{
    /// <summary>How many log lines a second. Default 500. At 1,000,000 and more, reading falls behind.</summary>
    public int LinesPerSecond { get; set; } = 500;

    /// <summary>How many courses the site has. Default 1,000.</summary>
    public int Courses { get; set; } = 1000;

    /// <summary>The same seed gives the same traffic. Default 1.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (LinesPerSecond is < 1 or > 10_000_000) yield return $"Traffic: LinesPerSecond is {LinesPerSecond}; it must be from 1 to 10,000,000 (default 500).";
        if (Courses is < 1 or > 10_000_000) yield return $"Traffic: Courses is {Courses}; it must be from 1 to 10,000,000 (default 1000).";
    }
}
