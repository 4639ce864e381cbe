using Grains.Streams.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>Why a transaction was not seen to be committed.</summary>
/// <param name="IsRolledBack">Whether it is certain that nothing of it is or ever will be in the database.</param>
/// <param name="Cause">What went wrong.</param>
internal sealed record CommitFault(bool IsRolledBack, SnapshotStorageException Cause);
