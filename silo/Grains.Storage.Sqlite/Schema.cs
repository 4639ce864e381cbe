using Grains.Streams.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>The version of the database's layout, and the steps from one to the next.</summary>
/// <remarks>
/// <code>
/// schema_version(version)                                   one row
/// key_NAME(id, key)                                         a small number for each key, given at its first write
/// snapshot_NAME(id → key_NAME, version, writer, payload)    in the order of id: a batch in that order is written from front to back
/// window_NAME(ordinal, window)                              a small number for each window
/// history_NAME(ordinal &lt;&lt; 32 | id, version, payload)       rows of one window side by side: closing a window for many keys appends
/// grain_NAME(key, etag, payload)
/// </code>
/// Tables of a name are made when the name is first used, in the layout of the present version.
/// </remarks>
internal static class Schema
{
    public const long Latest = 1;

    /// <summary>Step i leads from version i to version i + 1. Never changed once released.</summary>
    private static readonly string[][] Steps =
    [
        ["create table schema_version(version integer not null)", "insert into schema_version(version) values (1)"],
    ];

    public static void Upgrade(Session session, string path)
    {
        session.Execute("begin immediate");
        var known = session.QueryInteger("select count(*) from sqlite_master where name = 'schema_version'") > 0;
        if (!known && session.QueryInteger("select count(*) from sqlite_master") > 0)
        {
            throw new SnapshotStorageException($"SQLite database '{path}' belongs to another program: it has tables, but no schema_version. Name another file.", isTransient: false);
        }

        var version = known ? session.QueryInteger("select version from schema_version") : 0;
        if (version > Latest)
        {
            throw new SnapshotStorageException(
                $"SQLite database '{path}' has layout version {version}, and this program knows versions up to {Latest}. Run the newer program that wrote it, or name another file.", isTransient: false);
        }

        for (; version < Latest; version++)
        {
            foreach (var sql in Steps[version]) session.Execute(sql);
        }

        session.Execute($"update schema_version set version = {Latest}");
        session.Execute("commit");
    }
}
