namespace Grains.Streams.Storage;

/// <summary>A question for one row, and its answer.</summary>
public struct SnapshotRead(string key)
{
    /// <summary>The key asked for.</summary>
    public string Key { get; } = key;

    /// <summary>The row's version; 0 where there is no row.</summary>
    public long Version { get; set; }

    /// <summary>The cell that wrote the row.</summary>
    public long Writer { get; set; }

    /// <summary>The row's bytes. The storage does not use this memory again.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>What the storage wants to be given back with the next write of this key (an ETag, a row number); null where it wants nothing.</summary>
    public object? Tag { get; set; }
}
