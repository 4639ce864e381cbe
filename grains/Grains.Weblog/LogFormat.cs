namespace Grains.Weblog;

/// <summary>How the lines of a log are written.</summary>
public enum LogFormat
{
    /// <summary>Found out from the lines: what the last line was is tried first, then the others.</summary>
    Auto = 0,

    /// <summary>Apache's and nginx's common and combined formats; anything may follow the agent after a space, as in nginx's <c>main</c>.</summary>
    Combined = 1,

    /// <summary>Fields with tabs between them: address, local time <c>2026-11-23 10:15:32</c>, request in quotes, status, referrer, and, if there is a sixth, agent.</summary>
    Tabbed = 2,
}
