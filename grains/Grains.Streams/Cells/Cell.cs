using System.Buffers;

namespace Grains.Streams.Cells;

/// <summary>One key's state in memory, with the positions it contains. The only place where an event is counted.</summary>
/// <remarks>
/// Guarded by its own monitor, which is held for a chunk, a question or a copy, never across a wait. A cell lives until it is closed, and is never opened again:
/// the next cell of the key has another epoch. Its epoch also is the writer's name in the rows it writes.
/// </remarks>
internal sealed class Cell<TState, TEvent>(string key, long epoch, TState state, long version, ReadOnlySpan<Mark> marks, object? tag)
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    // 0.07 ms where a tick is a nanosecond, 7 ms where it is 100 ns: fine enough to say how stale an answer is, for a day and a half.
    private const int ClockShift = 16;

    private Marks _marks = new(marks);
    private object? _tag = tag;
    private long _version = version;
    private int _sealings;
    // Since when something waits to be copied, and since when what is being written has waited: in units of 2^ClockShift ticks of the host's clock, which may wrap; 0 when nothing does.
    private int _dirtySince;
    private int _writingSince;
    private bool _closed;

    public string Key { get; } = key;

    public long Epoch { get; } = epoch;

    /// <summary>When something was last applied or asked, in ticks of the host's coarse clock.</summary>
    public int Touched { get; set; }

    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Fetches the memory that <see cref="Apply"/> is going to need. See <see cref="IKeyedState{TEvent}.Touch"/>.</summary>
    public int Touch() => _marks.Touch() + state.Touch();

    /// <summary>Counts a chunk, or says why not.</summary>
    /// <param name="missing">Receives the windows to read first, where the answer is <see cref="CellAnswer.NeedsHistory"/>.</param>
    /// <param name="becameDirty">The cell must be handed to the snapshot writer.</param>
    /// <remarks>Runs per chunk; allocates nothing unless the state does. Rules 1 and 2.</remarks>
    public CellReply Apply(
        ProtocolRules rules, long epoch, int partition, long first, long last, ReadOnlySpan<TEvent> chunk, long now, ICollection<long> missing, out bool becameDirty)
    {
        becameDirty = false;
        lock (this)
        {
            if (_closed) return new CellReply(CellAnswer.NoCell, 0, Mark.None, Mark.None);

            ref var mark = ref _marks.Of(partition);
            if (epoch != Epoch && rules.EpochIsChecked) return Reply(CellAnswer.Refused, mark);

            if (rules.AppliedIsSkipped)
            {
                if (last <= mark.Applied) return Reply(CellAnswer.Counted, mark);
                if (first <= mark.Applied) return Reply(CellAnswer.Refused, mark);
            }

            if (rules.LateWindowsAreRestored)
            {
                state.Missing(chunk, missing);
                if (missing.Count > 0) return Reply(CellAnswer.NeedsHistory, mark);
            }

            state.Apply(chunk);
            mark.Applied = Math.Max(mark.Applied, last);
            becameDirty = SetDirty(now);
            return Reply(CellAnswer.Counted, mark);
        }
    }

    /// <summary>How far the cell has come in a partition.</summary>
    public CellReply Hello(int partition)
    {
        lock (this)
        {
            return _closed ? new CellReply(CellAnswer.NoCell, 0, Mark.None, Mark.None) : Reply(CellAnswer.Counted, _marks.Of(partition));
        }
    }

    /// <summary>The last durable position of a partition whose pump has greeted the cell, or <see langword="null"/> where the cell is closed.</summary>
    /// <remarks>Without the lock, as it is asked of every key once a second: the answer may be of a moment ago, and a position that was durable stays so.</remarks>
    public long? DurableOf(int partition) => IsClosed ? null : _marks.DurableOf(partition);

    /// <summary>How many windows have gone to history so far: what was read from history before this number grew may be older than what is there now.</summary>
    public int Sealings
    {
        get
        {
            lock (this) return _sealings;
        }
    }

    /// <summary>Gives the windows read from history to the state, those that are still missing; nothing where a window has gone to history since <paramref name="sealings"/> was asked.</summary>
    public void Restore(ReadOnlySpan<TEvent> chunk, IReadOnlyDictionary<long, ReadOnlyMemory<byte>> rows, int sealings)
    {
        lock (this)
        {
            if (_closed || _sealings != sealings) return;

            var missing = new List<long>();
            state.Missing(chunk, missing);
            foreach (var window in missing)
            {
                if (rows.TryGetValue(window, out var row)) state.Restore(window, row);
            }
        }
    }

    /// <summary>Asks the state, and tells what it contains.</summary>
    public bool TryRead<TArgument, TResult>(PartitionTable partitions, TArgument argument, Func<TState, CellContents, TArgument, TResult> read, out TResult result, long now, TimeProvider time)
    {
        lock (this)
        {
            if (_closed)
            {
                result = default!;
                return false;
            }

            var since = _writingSince != 0 ? _writingSince : _dirtySince;
            var contents = new CellContents(Positions(partitions), since == 0, since == 0 ? TimeSpan.Zero : time.GetElapsedTime(0, (long)(Coarse(now) - since) << ClockShift));
            result = read(state, contents, argument);
            return true;
        }
    }

    /// <summary>Asks the state for something small, without what it contains. False where the cell is closed.</summary>
    public bool TryPeek<TArgument, TResult>(TArgument argument, Func<TState, TArgument, TResult> read, out TResult result)
    {
        lock (this)
        {
            result = _closed ? default! : read(state, argument);
            return !_closed;
        }
    }

    /// <summary>Copies what is to be written, if anything is.</summary>
    /// <param name="row">Receives the row.</param>
    /// <param name="closed">Receives the windows in it that have closed.</param>
    /// <param name="applied">Receives the positions in the row, for <see cref="Written"/>.</param>
    /// <param name="expectedVersion">The version that the row in the storage has.</param>
    /// <param name="tag">What the storage wants to be given back.</param>
    /// <remarks>Rule 4. The caller reports the outcome with <see cref="Written"/> before it copies again.</remarks>
    public bool TryCapture(PartitionTable partitions, ArrayBufferWriter<byte> row, ICollection<ClosedWindow> closed, List<long> applied, out long expectedVersion, out object? tag)
    {
        lock (this)
        {
            expectedVersion = _version;
            tag = _tag;
            if (_closed || _dirtySince == 0) return false;

            (_writingSince, _dirtySince) = (_dirtySince, 0);
            for (var i = 0; i < _marks.Count; i++) applied.Add(_marks[i].Applied);
            var start = SnapshotEnvelope.Begin(row, partitions, in _marks);
            state.Save(row, closed);
            SnapshotEnvelope.End(row, start);
            return true;
        }
    }

    /// <summary>The row that was captured last is in the storage.</summary>
    public void Written(object? tag, ReadOnlySpan<long> applied)
    {
        lock (this)
        {
            _version++;
            _tag = tag;
            for (var i = 0; i < applied.Length; i++) _marks[i].Durable = applied[i];
            _writingSince = 0;
        }
    }

    /// <summary>What was captured last must be written again. True where the writer does not know of the cell yet.</summary>
    public bool Redo(long now)
    {
        lock (this)
        {
            if (_closed) return false;

            var becameDirty = SetDirty(now);
            if (_writingSince != 0) (_dirtySince, _writingSince) = (_writingSince, 0);
            return becameDirty;
        }
    }

    /// <summary>The history row of a window is durable.</summary>
    public void Sealed(long window)
    {
        lock (this)
        {
            if (_closed) return;

            _sealings++;
            state.Sealed(window);
        }
    }

    /// <summary>Closes the cell: from now on it refuses everything.</summary>
    /// <param name="onlyIfDurable">Leave it open where something of it is not in the storage.</param>
    /// <returns>Whether it is closed now.</returns>
    public bool Close(bool onlyIfDurable = false)
    {
        lock (this)
        {
            if (onlyIfDurable && (_dirtySince != 0 || _writingSince != 0)) return _closed;

            _closed = true;
            return true;
        }
    }

    private CellReply Reply(CellAnswer answer, in Mark mark) => new(answer, Epoch, mark.Applied, mark.Durable);

    private static int Coarse(long timestamp) => (int)(timestamp >> ClockShift) | 1;

    private bool SetDirty(long now)
    {
        if (_dirtySince != 0) return false;

        _dirtySince = Coarse(now);
        return true;
    }

    private CellPosition[] Positions(PartitionTable partitions)
    {
        var positions = new CellPosition[_marks.Count];
        for (var i = 0; i < positions.Length; i++) positions[i] = new CellPosition(partitions[_marks[i].Partition], _marks[i].Applied, _marks[i].Durable);
        return positions;
    }
}
