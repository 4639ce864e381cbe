using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>Where and how an application keeps its state in HBase.</summary>
public sealed class HBaseStorageOptions
{
    /// <summary>How to reach the cluster, and how long to try. <see cref="HBaseClientOptions.OperationTimeout"/> bounds how long a write may hang before its outcome is called unknown.</summary>
    public HBaseClientOptions Client { get; set; } = new();

    /// <summary>The HBase namespace of all tables; made if absent. Two applications in one namespace share what has one name. Default "grains".</summary>
    public string Namespace { get; set; } = "grains";

    /// <summary>Regions into which tables of snapshots and grain states are cut when they are made; 16 by default. Too few: one server does all the work until HBase splits them; too many: memory of servers is wasted.</summary>
    public int Regions { get; set; } = 16;

    /// <summary>
    /// Buckets over which history is spread, one region each when the table is made; 16 by default. It is part of every row key: once there are rows it must never change, or they are not found.
    /// </summary>
    public int HistoryBuckets { get; set; } = 16;

    /// <summary>How long history rows live, counted from the start of their window; null, the default: for ever. Shorter than the oldest window that is still written, rows vanish as they are written.</summary>
    public TimeSpan? HistoryTimeToLive { get; set; }

    /// <summary>Start of window 0; 1970 by default. With <see cref="WindowLength"/> it gives history cells their timestamps, so like it, it must not change once there are rows.</summary>
    public DateTimeOffset WindowOrigin { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Length of a window; ten minutes by default. Wrong, history expires at the wrong time; which version wins does not depend on it.</summary>
    public TimeSpan WindowLength { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Compression of files: NONE (default), GZ, SNAPPY, LZ4, ZSTD. A codec that servers lack makes the table's creation fail.</summary>
    public string Compression { get; set; } = "NONE";

    /// <summary>
    /// Largest cell that is written, bytes; 8 MiB by default. A larger snapshot is cut into several cells of its row, written at once. Must be below what servers take (<c>hbase.server.keyvalue.maxsize</c>,
    /// 10 MiB unless set): they refuse larger ones, and such a snapshot is never written. Far smaller: rows of very many cells.
    /// </summary>
    public int MaxCellBytes { get; set; } = 8 << 20;

    /// <summary>Whether absent tables are made; true by default. False: somebody else makes them, and what is absent is an error.</summary>
    public bool CreateTables { get; set; } = true;

    /// <summary>Everything that is wrong with the options; empty if nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>(Client.Validate().Select(static fault => $"Client: {fault}"));
        if (!TableName.TryParse($"{Namespace}:x", out _)) faults.Add($"Namespace is '{Namespace}'; it must be letters, digits, '_', '-' and '.' (default grains).");
        Between(Regions, nameof(Regions));
        Between(HistoryBuckets, nameof(HistoryBuckets));
        if (HistoryTimeToLive is { } ttl && (ttl < TimeSpan.FromSeconds(1) || ttl.TotalSeconds >= int.MaxValue)) faults.Add($"HistoryTimeToLive is {ttl}; it must be 1 s to 68 years, or null for ever (default null).");
        if (WindowLength < TimeSpan.FromMilliseconds(1)) faults.Add($"WindowLength is {WindowLength}; it must be at least 1 ms (default ten minutes).");
        if (MaxCellBytes < 1024) faults.Add($"MaxCellBytes is {MaxCellBytes}; it must be at least 1024 (default 8388608).");
        if (string.IsNullOrEmpty(Compression)) faults.Add("Compression is empty; it must be NONE, GZ, SNAPPY, LZ4 or ZSTD (default NONE).");
        return faults;

        void Between(int value, string name)
        {
            if (value is < 1 or > 256) faults.Add($"{name} is {value}; it must be 1 to 256 (default 16).");
        }
    }
}
