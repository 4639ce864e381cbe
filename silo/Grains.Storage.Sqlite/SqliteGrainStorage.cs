using System.Security.Cryptography;
using Grains.Streams.Storage;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>States of Orleans grains in a table of a <see cref="SqliteDatabase"/>, each guarded by an ETag.</summary>
/// <remarks>An ETag is drawn anew at each write, so that a state that was cleared and written again never has one that it had before. Writes of many grains share a commit.</remarks>
public sealed class SqliteGrainStorage : IGrainStorage
{
    private readonly SqliteDatabase _database;
    private readonly IGrainStorageSerializer _serializer;
    private readonly IActivatorProvider _activators;
    private readonly string _find;
    private readonly string _read;
    private readonly string _write;
    private readonly string _delete;

    /// <summary>Takes the table of <paramref name="name"/>, and makes it if there is none.</summary>
    /// <param name="database">The file.</param>
    /// <param name="name">1 to 40 of a-z, 0-9 and _.</param>
    /// <param name="serializer">Turns states to bytes and back.</param>
    /// <param name="activators">Make the state of a grain that has none stored.</param>
    /// <exception cref="SnapshotStorageException">The table could not be made.</exception>
    public SqliteGrainStorage(SqliteDatabase database, string name, IGrainStorageSerializer serializer, IActivatorProvider activators)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(name);
        (_database, _serializer, _activators) = (database, serializer, activators);
        database.Tables(name, $"create table if not exists grain_{name}(key text primary key, etag text not null, payload blob not null) without rowid");
        _find = $"select etag from grain_{name} where key = ?1";
        _read = $"select etag, payload from grain_{name} where key = ?1";
        _write = $"insert into grain_{name}(key, etag, payload) values (?1, ?2, ?3) on conflict(key) do update set etag = excluded.etag, payload = excluded.payload";
        _delete = $"delete from grain_{name} where key = ?1";
    }

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = RowKey(stateName, grainId);
        var (etag, payload) = await _database.ReadAsync(
            session =>
            {
                var statement = session.Prepared(_read);
                statement.Bind(1, key);
                var row = statement.Step() ? (statement.Text(0), statement.Blob(1)) : (null, null);
                statement.Reset();
                return row;
            },
            CancellationToken.None).ConfigureAwait(false);
        grainState.State = payload is null ? NewState<T>() : _serializer.Deserialize<T>(BinaryData.FromBytes(payload));
        grainState.ETag = etag;
        grainState.RecordExists = payload is not null;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = _serializer.Serialize(grainState.State).ToMemory();
        var etag = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        await ChangeAsync("Write", RowKey(stateName, grainId), grainState.ETag, (session, key) =>
        {
            var statement = session.Prepared(_write);
            statement.Bind(1, key);
            statement.Bind(2, etag);
            statement.Bind(3, payload.Span);
            statement.Run();
        }).ConfigureAwait(false);
        grainState.ETag = etag;
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await ChangeAsync("Clear", RowKey(stateName, grainId), grainState.ETag, (session, key) =>
        {
            var statement = session.Prepared(_delete);
            statement.Bind(1, key);
            statement.Run();
        }).ConfigureAwait(false);
        grainState.State = NewState<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static string RowKey(string stateName, GrainId grainId) => $"{grainId}/{stateName}";

    private T NewState<T>() => _activators.GetActivator<T>().Create();

    private async Task ChangeAsync(string what, string key, string? expected, Action<Session, string> change)
    {
        string? stored = null;
        var matches = false;
        var fault = await _database.WriteAsync(session =>
        {
            var statement = session.Prepared(_find);
            statement.Bind(1, key);
            stored = statement.Step() ? statement.Text(0) : null;
            statement.Reset();
            matches = stored == (string.IsNullOrEmpty(expected) ? null : expected);
            if (matches) change(session, key);
        }).ConfigureAwait(false);
        if (fault is not null) throw fault.Cause;
        if (!matches) throw new InconsistentStateException($"{what} of state '{key}' in SQLite database '{_database.Path}' failed: it was changed meanwhile. Read it again.", stored ?? "none", expected ?? "none");
    }
}
