using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Grains.Storage.Sqlite;

/// <summary>The one thread that writes: everything that waits when a transaction begins goes into it.</summary>
/// <remarks>A failed transaction is rolled back, and each of its parts is tried once more alone, so that one part's fault is not its neighbours'. A part may therefore run twice.</remarks>
internal sealed class GroupCommit
{
    private readonly BlockingCollection<Part> _queue = [];
    private readonly Session _session;
    private readonly string _path;
    private readonly Action<CommitFault?> _settled;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GroupCommit(Session session, string path, Action<CommitFault?> settled)
    {
        (_session, _path, _settled) = (session, path, settled);
        new Thread(Loop) { IsBackground = true, Name = "sqlite writer" }.Start();
    }

    /// <summary>Raised on the writing thread when a transaction was undone: what was remembered of it is wrong.</summary>
    public event Action? Undone;

    /// <summary>Runs the work in a transaction.</summary>
    /// <returns>Null when it is committed.</returns>
    public Task<CommitFault?> RunAsync(Action<Session> work)
    {
        var part = new Part(work);
        try
        {
            _queue.Add(part);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(SqliteDatabase));
        }

        return part.Committed.Task;
    }

    /// <summary>Finishes what waits, and ends the thread.</summary>
    public Task StopAsync()
    {
        _queue.CompleteAdding();
        return _stopped.Task;
    }

    private void Loop()
    {
        var group = new List<Part>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            group.Add(first);
            while (_queue.TryTake(out var next)) group.Add(next);
            Commit(group);
            group.Clear();
        }

        _stopped.SetResult();
    }

    private void Commit(List<Part> group)
    {
        var (fault, stray) = TryCommit(group);
        if (group.Count > 1 && (stray is not null || fault is { IsRolledBack: true }))
        {
            foreach (var part in group) Commit([part]);
            return;
        }

        if (stray is null) _settled(fault);
        foreach (var part in group)
        {
            if (stray is null) part.Committed.SetResult(fault);
            else part.Committed.SetException(stray);
        }
    }

    private (CommitFault? Fault, Exception? Stray) TryCommit(List<Part> group)
    {
        var isCommitting = false;
        try
        {
            _session.Prepared("begin immediate").Run();
            foreach (var part in group) part.Work(_session);
            isCommitting = true;
            _session.Prepared("commit").Run();
            return (null, null);
        }
        catch (SqliteException error)
        {
            // A commit that ran out of disk has not written its last frame. One that met an error of the disk may have: the flush failed, and after a crash the frames may be found whole.
            var isRolledBack = Rollback() && !(isCommitting && error.SqliteErrorCode == raw.SQLITE_IOERR);
            return (new CommitFault(isRolledBack, SqliteFailure.Describe("Write to", _path, error)), null);
        }
        catch (Exception stray)
        {
            Rollback();
            return (null, stray);
        }
    }

    private bool Rollback()
    {
        Undone?.Invoke();
        try
        {
            if (_session.InTransaction) _session.Prepared("rollback").Run();
        }
        catch (SqliteException)
        {
            // SQLite rolls back by itself on the errors that can make this fail; what counts is asked below.
        }

        return !_session.InTransaction;
    }

    private sealed record Part(Action<Session> Work)
    {
        public TaskCompletionSource<CommitFault?> Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
