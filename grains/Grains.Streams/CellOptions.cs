namespace Grains.Streams;

/// <summary>How a silo keeps its cells.</summary>
public sealed class CellOptions
{
    /// <summary>How long something counted waits for the storage at most, while the storage keeps up. Default 1 s. Shorter: more writes; longer: more is read again after a crash.</summary>
    public TimeSpan SnapshotInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many rows go into one call of the storage. Default 65,536: a storage that sorts them touches each of its pages once. Fewer: more calls; more: a call takes longer, and memory for its rows.</summary>
    public int SnapshotBatch { get; set; } = 65_536;

    /// <summary>How many bytes of rows go into one call of the storage at most. Default 16 MiB.</summary>
    public int SnapshotBatchBytes { get; set; } = 16 << 20;

    /// <summary>How long a cell that nobody feeds or asks stays in memory. Default 7 days. Shorter: less memory, more reading, and lists that look at every cell in memory leave out what is idle.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many cells one silo keeps in memory at most; above it those idle longest are closed, durable ones only. Default 1,000,000, which take some 600 MB of small states.</summary>
    public int MaxCells { get; set; } = 1_000_000;

    /// <summary>
    /// How long those who count or ask wait for the storage to give a row. Default 5 s. Shorter: a storage that is only slow is taken for away, and events are read again; longer: while it hangs, all keys of a
    /// partition stand still for that long, once in the time that the storage takes to refuse.
    /// </summary>
    public TimeSpan ReadPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (SnapshotInterval <= TimeSpan.Zero) yield return $"CellOptions: SnapshotInterval is {SnapshotInterval}; it must be above zero (default 00:00:01).";
        if (SnapshotBatch < 1) yield return $"CellOptions: SnapshotBatch is {SnapshotBatch}; it must be at least 1 (default 65536).";
        if (SnapshotBatchBytes < 1024) yield return $"CellOptions: SnapshotBatchBytes is {SnapshotBatchBytes}; it must be at least 1024 (default 16777216).";
        if (IdleTime < TimeSpan.FromSeconds(1)) yield return $"CellOptions: IdleTime is {IdleTime}; it must be at least a second (default 7.00:00:00).";
        if (ReadPatience < TimeSpan.FromMilliseconds(10)) yield return $"CellOptions: ReadPatience is {ReadPatience}; it must be at least 10 ms (default 00:00:05).";
        if (MaxCells < 1) yield return $"CellOptions: MaxCells is {MaxCells}; it must be at least 1 (default 1000000).";
    }
}
