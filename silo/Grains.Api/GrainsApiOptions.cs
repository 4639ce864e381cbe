namespace Grains.Api;

/// <summary>How the HTTP API behaves towards those who listen.</summary>
public sealed class GrainsApiOptions
{
    /// <summary>How often a course is asked for its listeners. Default 250 ms: four events a second at most. Shorter costs a question more, whoever listens; longer is seen as jerks.</summary>
    public TimeSpan LiveInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After how long without news a listener is told that the line still stands. Default 15 s. Proxies cut silent connections, many of them after 60 s; a second or less is only noise.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most listeners at a time; the next one is answered 503. Default 2,000. Each costs a connection and some 20 kB; 0 turns live answers off.</summary>
    public int MaxListeners { get; set; } = 2_000;
}
