namespace Grains.Streams.Storage;

/// <summary>One conditional write, and its outcome.</summary>
public struct SnapshotWrite(string key, long expectedVersion, long writer, ReadOnlyMemory<byte> payload, object? tag)
{
    /// <summary>The row's key.</summary>
    public string Key { get; } = key;

    /// <summary>The version that the row must have; 0: that there must be none.</summary>
    public long ExpectedVersion { get; } = expectedVersion;

    /// <summary>The cell that writes: with the version it tells whether a write whose reply was lost has won.</summary>
    public long Writer { get; } = writer;

    /// <summary>The row's bytes; the caller uses the memory again once the write has returned.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>What the storage gave with the last read or write of this key; the storage puts here what it wants to see next time.</summary>
    public object? Tag { get; set; } = tag;

    /// <summary>What became of it.</summary>
    public WriteOutcome Outcome { get; set; }

    /// <summary>Of one that was not written: why the storage will not take it however often it is tried, and what to do. Null where trying again may help, and where the storage does not tell.</summary>
    public string? Refusal { get; set; }
}
