namespace Grains.Storage.Sqlite;

/// <summary>Where a database is, and how hard it holds on to what it is given.</summary>
public sealed class SqliteOptions
{
    /// <summary>The file. It and its directory are made when they do not exist; <c>-wal</c>, <c>-shm</c> and <c>.lock</c> files stand beside it. Not on a network file system: locks and shared memory do not work there.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Whether each commit waits until the disk has it: then it survives a loss of power. Without, it survives the death of the process but not that of the machine, and a thousand small commits a second
    /// cost far less. Default true; with large batches the difference is a tenth.
    /// </summary>
    public bool SurvivesPowerLoss { get; init; } = true;

    /// <summary>Memory for pages of the one connection that writes, in KiB. Too little: pages are written more than once a batch; too much: the process is that much larger. Default 16,384.</summary>
    public int WriterCacheKib { get; init; } = 16_384;

    /// <summary>Memory for pages of each of up to four connections that read, in KiB. Default 4,096.</summary>
    public int ReaderCacheKib { get; init; } = 4_096;
}
