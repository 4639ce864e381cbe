namespace Grains.Windows;

/// <summary>What an entry of a minute counts. Part of an entry's key in memory; not stored.</summary>
internal enum TallyKind : uint
{
    /// <summary>Views of one second; the id is the second of the minute plus 1.</summary>
    Second,

    /// <summary>Views by agent, which is three dimensions.</summary>
    Agent,

    /// <summary>Views by region.</summary>
    Region,

    /// <summary>Views by source.</summary>
    Source,
}
