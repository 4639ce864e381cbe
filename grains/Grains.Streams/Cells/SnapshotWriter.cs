using System.Buffers;
using System.Runtime.InteropServices;
using Grains.Streams.Storage;

namespace Grains.Streams.Cells;

/// <summary>Writes the dirty cells of a silo to the storage, many a call, and then the windows of them that have closed.</summary>
/// <remarks>One a silo: it alone writes rows, so a cell has at most one write under way. Rules 4 and 7.</remarks>
internal sealed class SnapshotWriter<TState, TEvent>(CellHost<TState, TEvent> host, IBatchedSnapshots snapshots, IHistoryRows history, CellOptions options, StreamMetrics metrics) : IDisposable
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private const int CellsAtOnce = 16;

    private readonly SemaphoreSlim _round = new(1, 1);
    private readonly ArrayBufferWriter<byte> _rows = new(1 << 16);
    private readonly List<Captured> _captured = [];
    private readonly List<ClosedWindow> _windows = [];
    private readonly List<long> _applied = [];

    // Taken from the queue; those from _at on are still to be copied.
    private readonly List<Cell<TState, TEvent>> _taken = new(CellsAtOnce);
    private SnapshotWrite[] _writes = [];
    private int _at;

    // Nobody reads it; without it the compiler need not read either.
    private int _touched;
    private int _refused;
    private string? _refusal;

    /// <summary>Writes every cell that is dirty when it begins.</summary>
    public async ValueTask<SnapshotRound> WriteRoundAsync(CancellationToken cancellationToken)
    {
        await _round.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var round = default(SnapshotRound);
            for (var waiting = host.Dirty.Count; waiting > 0;)
            {
                waiting -= Capture(waiting);
                if (_captured.Count == 0) continue;

                if (!host.Rules.HistoryAfterSnapshot) await WriteHistoryAsync(beforeSnapshot: true, cancellationToken).ConfigureAwait(false);
                var won = await WriteSnapshotsAsync(cancellationToken).ConfigureAwait(false);
                if (host.Rules.HistoryAfterSnapshot) await WriteHistoryAsync(beforeSnapshot: false, cancellationToken).ConfigureAwait(false);
                round += new SnapshotRound(won, _captured.Count - won, _refused, _refusal);
                // The storage is away: what waits is dirty again, and the next round tries it.
                if (won == 0 && _refused < _captured.Count) break;
            }

            return round;
        }
        finally
        {
            PutBack();
            Forget();
            _round.Release();
        }
    }

    public void Dispose() => _round.Dispose();

    // Copies cells until the batch is full. Returns how many it looked at.
    private int Capture(int waiting)
    {
        Forget();
        var looked = 0;
        while (_captured.Count < options.SnapshotBatch && _rows.WrittenCount < options.SnapshotBatchBytes && (_at < _taken.Count || Take(waiting - looked)))
        {
            looked++;
            Capture(_taken[_at++]);
        }

        return looked;
    }

    private void Capture(Cell<TState, TEvent> cell)
    {
        var (start, firstWindow, firstApplied) = (_rows.WrittenCount, _windows.Count, _applied.Count);
        if (!cell.TryCapture(host.Partitions, _rows, _windows, _applied, out var expected, out var tag)) return;

        _captured.Add(new Captured(cell, expected, tag, firstApplied, _applied.Count - firstApplied, start, _rows.WrittenCount - start, firstWindow, _windows.Count - firstWindow));
    }

    // Takes a few cells from the queue. They are in no cache: looking at all of them before the first is copied fetches them at the same time.
    private bool Take(int most)
    {
        (_at, var sum) = (0, 0);
        _taken.Clear();
        while (_taken.Count < Math.Min(most, CellsAtOnce) && host.Dirty.TryDequeue(out var cell))
        {
            _taken.Add(cell);
            sum += cell.Touched;
        }

        foreach (var cell in _taken) sum += cell.Touch();
        Volatile.Write(ref _touched, sum);
        return _taken.Count > 0;
    }

    // A round that ends early leaves the cells that it has not come to where they were.
    private void PutBack()
    {
        while (_at < _taken.Count) host.Dirty.Enqueue(_taken[_at++]);
        _taken.Clear();
        _at = 0;
    }

    private async ValueTask<int> WriteSnapshotsAsync(CancellationToken cancellationToken)
    {
        if (_writes.Length < _captured.Count) _writes = new SnapshotWrite[Math.Max(_captured.Count, 2 * _writes.Length)];
        for (var i = 0; i < _captured.Count; i++)
        {
            var cell = _captured[i];
            _writes[i] = new SnapshotWrite(cell.Cell.Key, cell.ExpectedVersion, cell.Cell.Epoch, _rows.WrittenMemory.Slice(cell.RowStart, cell.RowLength), cell.Tag);
        }

        var started = host.Now;
        try
        {
            await snapshots.WriteAsync(_writes.AsMemory(0, _captured.Count), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nobody knows what was written.
            foreach (var captured in _captured) host.Close(captured.Cell);
            throw;
        }

        metrics.SnapshotsWritten(_captured.Count, _rows.WrittenCount, host.Now - started);

        var won = 0;
        for (var i = 0; i < _captured.Count; i++)
        {
            if (Settle(_captured[i], _writes[i])) won++;
            else _captured[i] = _captured[i] with { Windows = 0 };
        }

        return won;
    }

    private bool Settle(in Captured captured, in SnapshotWrite write)
    {
        var cell = captured.Cell;
        var outcome = write.Outcome;
        metrics.SnapshotOutcome(outcome);
        if (outcome is WriteOutcome.Lost or WriteOutcome.Unknown && !host.Rules.ForgetsAfterDoubt) outcome = WriteOutcome.Won;
        switch (outcome)
        {
            case WriteOutcome.Won:
                cell.Written(write.Tag, CollectionsMarshal.AsSpan(_applied).Slice(captured.FirstApplied, captured.Partitions));
                return true;
            case WriteOutcome.NotWritten:
                if (write.Refusal is { } refusal) (_refused, _refusal) = (_refused + 1, _refusal ?? refusal);
                host.Redo(cell);
                return false;
            default:
                // Another cell of this key has written, or this one may have: what is in memory is worth nothing. The pump reads on from what the storage has.
                host.Close(cell);
                return false;
        }
    }

    private async ValueTask WriteHistoryAsync(bool beforeSnapshot, CancellationToken cancellationToken)
    {
        var rows = ClosedRows();
        if (rows.Length == 0) return;

        var started = host.Now;
        try
        {
            await history.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
        }
        catch (SnapshotStorageException)
        {
            // The windows stay in the snapshot rows, and each cell's next copy names them again.
            metrics.HistoryFailed(rows.Length);
            foreach (var captured in _captured)
            {
                if (captured.Windows > 0 && !beforeSnapshot) host.Redo(captured.Cell);
            }

            return;
        }

        metrics.HistoryWritten(rows.Length, host.Now - started);
        foreach (var captured in _captured)
        {
            foreach (var window in WindowsOf(captured)) captured.Cell.Sealed(window.Window);
        }
    }

    private HistoryRow[] ClosedRows()
    {
        var rows = new List<HistoryRow>(_windows.Count);
        foreach (var captured in _captured)
        {
            foreach (var window in WindowsOf(captured)) rows.Add(new HistoryRow(captured.Cell.Key, window.Window, captured.ExpectedVersion + 1, window.HistoryRow));
        }

        return [.. rows];
    }

    private Span<ClosedWindow> WindowsOf(in Captured captured) => CollectionsMarshal.AsSpan(_windows).Slice(captured.FirstWindow, captured.Windows);

    private void Forget()
    {
        _captured.Clear();
        _windows.Clear();
        _applied.Clear();
        _rows.ResetWrittenCount();
        Array.Clear(_writes);
        (_refused, _refusal) = (0, null);
    }

    private readonly record struct Captured(Cell<TState, TEvent> Cell, long ExpectedVersion, object? Tag, int FirstApplied, int Partitions, int RowStart, int RowLength, int FirstWindow, int Windows);
}
