using Grains.Streams.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>Holds a database for this process: a lock of the operating system on a file beside it, which ends with the process however that dies.</summary>
/// <remarks>SQLite's own exclusive mode would lock out our readers, too. The file stays when the lock is given up: to delete it would let two others each lock a file of that name.</remarks>
internal static class ProcessLock
{
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    public static FileStream Take(string databasePath)
    {
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(databasePath));
            if (directory is not null) Directory.CreateDirectory(directory);
            return new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException error) when (error.HResult is WouldBlockLinux or WouldBlockMac or SharingViolation)
        {
            throw new SnapshotStorageException($"SQLite database '{databasePath}' is in use by another process. Stop that process, or name another file.", isTransient: true, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SnapshotStorageException($"SQLite database '{databasePath}' cannot be opened: {error.Message.TrimEnd('.')}. Check its directory and who may write there.", isTransient: false, error);
        }
    }
}
