using Grains.Streams.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Grains.Storage.Sqlite;

/// <summary>SQLite's result codes in words: what, on what, why, what next.</summary>
internal static class SqliteFailure
{
    public static SnapshotStorageException Describe(string what, string path, SqliteException error)
    {
        var (why, isTransient) = error.SqliteErrorCode switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
                ("the file is damaged or is no SQLite database. Restore it from a backup, or move it and its -wal file away to begin with an empty one", false),
            raw.SQLITE_FULL => ("the disk is full. Make room; it is tried again", true),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => ("the file cannot be written. Check the owner and mode of the file, its -wal file and its directory", true),
            raw.SQLITE_CANTOPEN => ("the file cannot be opened. Check that its directory exists and who may read and write it", true),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => ("another program held a lock on it for more than 5 s. Close it", true),
            raw.SQLITE_IOERR => ($"the disk reports an error ({error.SqliteExtendedErrorCode}). Check the disk; it is tried again", true),
            _ => ($"{error.Message} ({error.SqliteExtendedErrorCode})", false),
        };
        return new SnapshotStorageException($"{what} SQLite database '{path}' failed: {why}.", isTransient, error);
    }
}
