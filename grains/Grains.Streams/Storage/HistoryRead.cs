namespace Grains.Streams.Storage;

/// <summary>A question for one window, and its answer.</summary>
public struct HistoryRead(string key, long window)
{
    /// <summary>The key asked for.</summary>
    public string Key { get; } = key;

    /// <summary>The window asked for.</summary>
    public long Window { get; } = window;

    /// <summary>The row's bytes; empty where there is no row. The storage does not use this memory again.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }
}
