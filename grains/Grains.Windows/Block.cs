namespace Grains.Windows;

/// <summary>The unit of history: ten minutes of event time that begin at a multiple of ten minutes since 1970.</summary>
internal static class Block
{
    public const uint Minutes = 10;
    public const uint Seconds = Minutes * 60;

    /// <summary>Single seconds are kept of the newest minute of a course and of this many before it, so that any 120 seconds are whole.</summary>
    public const uint MinutesOfSeconds = 2;

    public static uint OfMinute(uint minute) => minute / Minutes;
}
