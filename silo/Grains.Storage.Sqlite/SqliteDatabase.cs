using System.Collections.Concurrent;
using Grains.Streams.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grains.Storage.Sqlite;

/// <summary>One SQLite file, held by this process alone: snapshots, history and grain states live in it side by side, under names.</summary>
/// <remarks>
/// One thread writes, and commits everything that waits at once; readers have connections of their own and are not held up by it. What a write has acknowledged survives kill -9, and a loss of power unless
/// <see cref="SqliteOptions.SurvivesPowerLoss"/> is off. Other programs may read the file at any time.
/// </remarks>
public sealed partial class SqliteDatabase : IAsyncDisposable
{
    private const int MaxIdleReaders = 4;

    private readonly SqliteOptions _options;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly Session _writer;
    private readonly GroupCommit _commits;
    private readonly ConcurrentBag<Session> _readers = [];
    private readonly ConcurrentDictionary<string, KeyTable> _keys = new(StringComparer.Ordinal);
    private volatile bool _isDisposed;

    private SqliteDatabase(SqliteOptions options, ILogger logger, FileStream processLock, Session writer)
    {
        (_options, _logger, _lock, _writer) = (options, logger, processLock, writer);
        _commits = new GroupCommit(writer, options.Path, Settled);
        _commits.Undone += () =>
        {
            foreach (var keys in _keys.Values) keys.Forget();
        };
    }

    /// <summary>The file.</summary>
    public string Path => _options.Path;

    /// <summary>Why the last write failed; null while writes succeed.</summary>
    public string? Fault { get; private set; }

    /// <summary>Opens the database, or makes it.</summary>
    /// <exception cref="SnapshotStorageException">It is in use by another process, damaged, of a newer layout, or cannot be opened; the message says which and what to do.</exception>
    public static SqliteDatabase Open(SqliteOptions options, ILogger<SqliteDatabase>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var processLock = ProcessLock.Take(options.Path);
        Session? writer = null;
        try
        {
            writer = new Session(options.Path, options.WriterCacheKib);
            if (writer.QueryText("pragma journal_mode = wal") != "wal")
            {
                throw new SnapshotStorageException($"SQLite database '{options.Path}' cannot keep a write-ahead log where it is. Put it on a local disk.", isTransient: false);
            }

            // A checkpoint at every 64 MiB of log: scattered batches change the same pages again and again, and each checkpoint writes them once. Measured: a fifth less CPU than at 16 MiB.
            writer.Execute($"pragma synchronous = {(options.SurvivesPowerLoss ? "full" : "normal")}");
            writer.QueryInteger("pragma wal_autocheckpoint = 16000");
            writer.QueryInteger("pragma journal_size_limit = 67108864");
            Schema.Upgrade(writer, options.Path);
            return new SqliteDatabase(options, (ILogger?)logger ?? NullLogger.Instance, processLock, writer);
        }
        catch (Exception error)
        {
            writer?.Dispose();
            processLock.Dispose();
            if (error is SqliteException sqlite) throw SqliteFailure.Describe("Opening", options.Path, sqlite);
            throw;
        }
    }

    /// <summary>Finishes the writes that wait, and lets go of the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;

        _isDisposed = true;
        await _commits.StopAsync().ConfigureAwait(false);
        while (_readers.TryTake(out var reader)) reader.Dispose();
        _writer.Dispose();
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Runs the work in a transaction together with whatever else waits; the work may run twice, and must then begin anew. Null when it is committed.</summary>
    internal Task<CommitFault?> WriteAsync(Action<Session> work) => _commits.RunAsync(work);

    /// <summary>Runs the work on a connection for reading, in one view of the database, off the caller's thread.</summary>
    internal Task<T> ReadAsync<T>(Func<Session, T> work, CancellationToken cancellationToken) => Task.Run(() => Read(work), cancellationToken);

    /// <summary>Makes the tables of a name.</summary>
    internal KeyTable Tables(string name, params ReadOnlySpan<string> definitions)
    {
        if (name.Length is 0 or > 40 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new ArgumentException($"'{name}' cannot name tables: 1 to 40 of a-z, 0-9 and _.", nameof(name));
        }

        var keys = _keys.GetOrAdd(name, static name => new KeyTable(name));
        string[] all = [keys.Definition, .. definitions];
        var fault = WriteAsync(session =>
        {
            foreach (var sql in all) session.Execute(sql);
        }).GetAwaiter().GetResult();
        return fault is null ? keys : throw fault.Cause;
    }

    private T Read<T>(Func<Session, T> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Session? session = null;
        try
        {
            if (!_readers.TryTake(out session))
            {
                session = new Session(_options.Path, _options.ReaderCacheKib);
                session.Execute("pragma query_only = on");
            }

            session.Prepared("begin").Run();
            var result = work(session);
            session.Prepared("commit").Run();
            if (!_isDisposed && _readers.Count < MaxIdleReaders)
            {
                _readers.Add(session);
                session = null;
            }

            return result;
        }
        catch (SqliteException error)
        {
            throw SqliteFailure.Describe("Read from", _options.Path, error);
        }
        finally
        {
            session?.Dispose();
        }
    }

    private void Settled(CommitFault? fault)
    {
        var (before, now) = (Fault, fault?.Cause.Message);
        Fault = now;
        if (before == now) return;

        if (now is null) LogCommitsAgain(Path);
        else LogCommitFailed(now);
    }

    [LoggerMessage(EventIds.CommitFailed, LogLevel.Error, "{Failure}")]
    private partial void LogCommitFailed(string failure);

    [LoggerMessage(EventIds.CommitsAgain, LogLevel.Information, "Writes to SQLite database '{Path}' succeed again.")]
    private partial void LogCommitsAgain(string path);
}
