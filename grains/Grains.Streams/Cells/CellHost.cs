using System.Collections.Concurrent;
using Grains.Streams.Cluster;
using Grains.Streams.Storage;

namespace Grains.Streams.Cells;

/// <summary>The cells of one silo: opens them from their rows, finds them, closes them.</summary>
/// <remarks>Invariant: of one key at most one cell is open in a host. That no other host has one open is wished for, not needed: of two cells of a key one loses its next write and closes.</remarks>
internal sealed class CellHost<TState, TEvent> : ICells<TState>, IDisposable
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private readonly ConcurrentDictionary<string, Cell<TState, TEvent>> _cells = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Cell<TState, TEvent>> _dirty = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Func<string, TState> _newState;
    private readonly Func<long> _newEpoch;
    private readonly Func<string, bool> _owns;
    private readonly IBatchedSnapshots _snapshots;
    private readonly IHistoryRows _history;
    private readonly StorageReads _reads;
    private readonly TimeProvider _time;

    public CellHost(
        Func<string, TState> newState, Func<long> newEpoch, IBatchedSnapshots snapshots, IHistoryRows history, CellOptions options, TimeProvider time, ProtocolRules? rules = null, Func<string, bool>? owns = null)
    {
        _reads = new StorageReads(options.ReadPatience, time);
        _owns = owns ?? (static _ => true);
        _newState = newState;
        _newEpoch = newEpoch;
        _snapshots = snapshots;
        _history = history;
        _time = time;
        Rules = rules ?? ProtocolRules.All;
    }

    public PartitionTable Partitions { get; } = new();

    public ProtocolRules Rules { get; }

    /// <inheritdoc/>
    public int Count => _cells.Count;

    /// <summary>Cells that wait for the snapshot writer.</summary>
    public ConcurrentQueue<Cell<TState, TEvent>> Dirty => _dirty;

    public long Now => _time.GetTimestamp();

    public Cell<TState, TEvent>? Find(string key) => _cells.TryGetValue(key, out var cell) && !cell.IsClosed ? cell : null;

    /// <summary>Sees to it that each key has an open cell, as <see cref="OpenAsync"/> does, but waits no longer than <see cref="CellOptions.ReadPatience"/>: what comes later is open when it is asked for again.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked or has not answered in time, or a row is damaged.</exception>
    public ValueTask OpenSoonAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        keys.All(key => Find(key) is not null) ? default : _reads.WaitAsync(token => OpenAsync(keys, token), cancellationToken);

    /// <summary>Sees to it that each key has an open cell: reads the rows of those that have none.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked, or a row is damaged.</exception>
    public async ValueTask OpenAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var reads = keys.Where(key => Find(key) is null).Distinct(StringComparer.Ordinal).Select(key => new SnapshotRead(key)).ToArray();
            if (reads.Length == 0) return;

            await _snapshots.ReadAsync(reads, cancellationToken).ConfigureAwait(false);
            foreach (ref readonly var read in reads.AsSpan())
            {
                var cell = Load(read);
                cell.Touched = Ticks(Now);
                _cells[read.Key] = cell;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Asks the storage for a row, to see whether it answers.</summary>
    /// <exception cref="SnapshotStorageException">It does not.</exception>
    public async ValueTask ProbeAsync(string key, CancellationToken cancellationToken) => await ReadRowAsync(key, cancellationToken).ConfigureAwait(false);

    /// <summary>Counts a chunk in a cell of this host; reads windows from history where the chunk needs them.</summary>
    public ValueTask<CellReply> ApplyAsync(Cell<TState, TEvent> cell, long epoch, int partition, long first, long last, ReadOnlyMemory<TEvent> chunk, CancellationToken cancellationToken)
    {
        var reply = TryApply(cell, epoch, partition, first, last, chunk.Span, Now, out var missing);
        return reply.Answer == CellAnswer.NeedsHistory ? RestoreAndApplyAsync(cell, epoch, partition, first, last, chunk, missing!, cancellationToken) : new ValueTask<CellReply>(reply);
    }

    /// <summary>Counts a chunk in a cell of this host, unless windows must be read first.</summary>
    /// <remarks>Runs per chunk; allocates nothing unless windows are missing.</remarks>
    public CellReply TryApply(Cell<TState, TEvent> cell, long epoch, int partition, long first, long last, ReadOnlySpan<TEvent> chunk, long now, out List<long>? missing)
    {
        missing = null;
        var windows = _missing ??= [];
        var reply = cell.Apply(Rules, epoch, partition, first, last, chunk, now, windows, out var becameDirty);
        cell.Touched = Ticks(now);
        if (becameDirty) _dirty.Enqueue(cell);
        if (reply.Answer == CellAnswer.NeedsHistory)
        {
            missing = [.. windows];
            windows.Clear();
        }

        return reply;
    }

    public async ValueTask<CellReply> RestoreAndApplyAsync(
        Cell<TState, TEvent> cell, long epoch, int partition, long first, long last, ReadOnlyMemory<TEvent> chunk, List<long> missing, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Order matters: a window that is restored, changed and written again while the read is under way must not be restored from the older row.
            var sealings = cell.Sealings;
            var reads = missing.Distinct().Select(window => new HistoryRead(cell.Key, window)).ToArray();
            await _reads.WaitAsync(token => _history.ReadAsync(reads, token), cancellationToken).ConfigureAwait(false);
            cell.Restore(chunk.Span, reads.ToDictionary(read => read.Window, read => read.Payload), sealings);
            var reply = TryApply(cell, epoch, partition, first, last, chunk.Span, Now, out var more);
            if (reply.Answer != CellAnswer.NeedsHistory) return reply;

            missing = more!;
        }
    }

    /// <summary>Puts a cell back into the queue of the snapshot writer.</summary>
    public void Redo(Cell<TState, TEvent> cell)
    {
        if (cell.Redo(Now)) _dirty.Enqueue(cell);
    }

    /// <summary>Closes a cell and forgets it.</summary>
    public void Close(Cell<TState, TEvent> cell)
    {
        cell.Close();
        _cells.TryRemove(KeyValuePair.Create(cell.Key, cell));
    }

    /// <summary>Closes those cells that nobody has fed or asked for so long, and of which the storage has everything.</summary>
    /// <returns>How many were closed.</returns>
    public int CloseIdle(TimeSpan idle, int maxCells)
    {
        var oldest = Ticks(Now) - (int)idle.TotalSeconds;
        var closed = 0;
        foreach (var cell in _cells.Values)
        {
            if (cell.Touched < oldest && TryCloseDurable(cell)) closed++;
        }

        var excess = _cells.Count - maxCells;
        if (excess <= 0) return closed;

        foreach (var cell in _cells.Values.OrderBy(cell => cell.Touched).Take(excess))
        {
            if (TryCloseDurable(cell)) closed++;
        }

        return closed;
    }

    /// <summary>The cells whose keys are chosen.</summary>
    public IReadOnlyList<Cell<TState, TEvent>> Where(Func<string, bool> chosen) => [.. _cells.Values.Where(cell => chosen(cell.Key))];

    /// <inheritdoc/>
    public async ValueTask<(bool Exists, TResult Result)> ReadAsync<TArgument, TResult>(
        string key, TArgument argument, Func<TState, CellContents, TArgument, TResult> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A cell that no pump feeds any more would answer for ever from what it had.
            if (!_owns(key)) throw new KeyMovedException(key);

            var cell = Find(key);
            if (cell is null)
            {
                // A question must not leave a cell of a key that nobody ever saw.
                var row = await ReadRowAsync(key, cancellationToken).ConfigureAwait(false);
                if (row.Version == 0 && Find(key) is null) return (false, default!);

                await OpenSoonAsync([key], cancellationToken).ConfigureAwait(false);
                continue;
            }

            var now = Now;
            if (!cell.TryRead(Partitions, argument, read, out var result, now, _time)) continue;

            cell.Touched = Ticks(now);
            return (true, result);
        }
    }

    /// <inheritdoc/>
    public void ForEach<TArgument>(TArgument argument, Action<string, TState, TArgument> visit)
    {
        foreach (var cell in _cells.Values)
        {
            cell.TryPeek((cell.Key, argument, visit), static (state, call) =>
            {
                call.visit(call.Key, state, call.argument);
                return true;
            }, out _);
        }
    }

    public void Dispose() => _opening.Dispose();

    [ThreadStatic]
    private static List<long>? _missing;

    private static int Ticks(TimeProvider time, long timestamp) => (int)(timestamp / time.TimestampFrequency);

    private int Ticks(long timestamp) => Ticks(_time, timestamp);

    private async ValueTask<SnapshotRead> ReadRowAsync(string key, CancellationToken cancellationToken)
    {
        var read = new[] { new SnapshotRead(key) };
        await _reads.WaitAsync(token => _snapshots.ReadAsync(read, token), cancellationToken).ConfigureAwait(false);
        return read[0];
    }

    private bool TryCloseDurable(Cell<TState, TEvent> cell) => cell.Close(onlyIfDurable: true) && _cells.TryRemove(KeyValuePair.Create(cell.Key, cell));

    private Cell<TState, TEvent> Load(in SnapshotRead read)
    {
        var state = _newState(read.Key);
        if (read.Version == 0) return new Cell<TState, TEvent>(read.Key, _newEpoch(), state, 0, [], read.Tag);

        try
        {
            var (marks, bytes) = SnapshotEnvelope.Read(read.Payload, Partitions);
            state.Load(bytes.Span);
            return new Cell<TState, TEvent>(read.Key, _newEpoch(), state, read.Version, marks, read.Tag);
        }
        catch (FormatException damage)
        {
            throw new SnapshotStorageException(
                $"The snapshot of '{read.Key}', version {read.Version}, cannot be read: {damage.Message} Restore the storage from a backup, or delete this row to count the key anew from where the log begins.",
                isTransient: false,
                damage);
        }
    }
}
