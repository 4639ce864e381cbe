namespace Grains.Silo.Tutorial;

/// <summary>The two tables that pages written for the well-known tutorial read. Only with HBase.</summary>
public sealed class TutorialTableSettings
{
    /// <summary>Whether they are kept. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Where midnight is: the offset from UTC of the days in the row keys. Default 00:00:00.</summary>
    public TimeSpan UtcOffset { get; set; }

    /// <summary>How often they are brought up to date. Default 5 s. Shorter: more reading and writing; longer: they lag more behind the silo's own answers.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (UtcOffset < TimeSpan.FromHours(-14) || UtcOffset > TimeSpan.FromHours(14)) yield return $"TutorialTables: UtcOffset is {UtcOffset}; it must be from -14:00:00 to 14:00:00 (default 00:00:00).";
        if (Interval < TimeSpan.FromMilliseconds(100) || Interval > TimeSpan.FromDays(1)) yield return $"TutorialTables: Interval is {Interval}; it must be from 00:00:00.1 to a day (default 00:00:05).";
    }
}
