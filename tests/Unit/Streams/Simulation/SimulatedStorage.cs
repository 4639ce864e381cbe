using System.Runtime.CompilerServices;
using System.Text;
using Grains.Streams.Cells;
using Grains.Streams.Storage;

namespace Grains.Tests.Unit.Streams.Simulation;

/// <summary>A storage whose replies get lost, whose writes land late or not at all, and that can be told to break its own promises.</summary>
internal sealed class SimulatedStorage(Random random) : IBatchedSnapshots, IHistoryRows
{
    private readonly Dictionary<string, SnapshotRow> _rows = [];
    private readonly Dictionary<(string Key, long Window), HistoryRow> _history = [];
    private readonly List<Action> _late = [];

    /// <summary>Rule 4, the storage's part: a write wins only over the version it expects.</summary>
    public bool ComparesVersions { get; init; } = true;

    /// <summary>Rule 7, the storage's part: of the rows of a window the highest version wins, not the last.</summary>
    public bool HighestVersionWins { get; init; } = true;

    /// <summary>How often anything in it has changed.</summary>
    public int Changes { get; private set; }

    /// <summary>Faults happen.</summary>
    public bool Faulty { get; set; } = true;

    public SnapshotRow? Row(string key) => _rows.TryGetValue(key, out var row) ? row : null;

    /// <summary>What somebody who reads the storage would say that a key has counted.</summary>
    public string Stored(string key)
    {
        var windows = _history.Where(row => row.Key.Key == key).ToDictionary(row => (int)row.Key.Window, row => SimulatedState.Parse(Encoding.ASCII.GetString(row.Value.Payload.Span)));
        if (Row(key) is { } snapshot)
        {
            var state = new SimulatedState();
            state.Load(SnapshotEnvelope.Read(snapshot.Payload, new PartitionTable()).State.Span);
            foreach (var (window, positions) in state.Windows) windows[window] = positions;
        }

        return SimulatedLog.Describe(windows.Select(window => (window.Key, window.Value)));
    }

    /// <summary>How far a key's row has come.</summary>
    public long Applied(string key) => Row(key) is { } row ? SnapshotEnvelope.Read(row.Payload, new PartitionTable()).Marks.Select(mark => mark.Applied).DefaultIfEmpty(-1).Single() : -1;

    /// <summary>A write that was given up long ago arrives.</summary>
    public void LandLateWrite()
    {
        if (_late.Count == 0) return;

        var at = random.Next(_late.Count);
        _late[at]();
        _late.RemoveAt(at);
    }

    public ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken)
    {
        if (Faulty && random.NextDouble() < 0.03) throw new SnapshotStorageException("The simulated storage is away.", isTransient: true);

        foreach (ref var read in reads.Span)
        {
            if (Row(read.Key) is { } row) (read.Version, read.Writer, read.Payload) = (row.Version, row.Writer, row.Payload);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
    {
        foreach (ref var write in writes.Span)
        {
            var row = new SnapshotRow(write.Key, write.ExpectedVersion + 1, write.Writer, write.Payload.ToArray());
            var chance = Faulty ? random.NextDouble() : 1;
            if (chance < 0.03)
            {
                write.Outcome = WriteOutcome.NotWritten;
            }
            else if (chance < 0.06)
            {
                _late.Add(() => Put(row));
                write.Outcome = WriteOutcome.Unknown;
            }
            else
            {
                var won = Put(row);
                write.Outcome = chance < 0.10 ? WriteOutcome.Unknown : won ? WriteOutcome.Won : WriteOutcome.Lost;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows.ToArray())
        {
            var kept = row with { Payload = row.Payload.ToArray() };
            if (Faulty && random.NextDouble() < 0.25)
            {
                _late.Add(() => Put(kept));
                throw new SnapshotStorageException("The simulated storage did not answer.", isTransient: true);
            }

            Put(kept);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken)
    {
        if (Faulty && random.NextDouble() < 0.1) throw new SnapshotStorageException("The simulated storage is away.", isTransient: true);

        foreach (ref var read in reads.Span)
        {
            if (_history.TryGetValue((read.Key, read.Window), out var row)) read.Payload = row.Payload;
        }

        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<SnapshotRow> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in _rows.Values) yield return row;
        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in _history.Values.Where(row => row.Key == key && row.Window >= from && row.Window < to).OrderBy(row => row.Window)) yield return row;
        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in _history.Values.Where(row => row.Window >= from && row.Window < to)) yield return row;
        await Task.CompletedTask;
    }

    private bool Put(SnapshotRow row)
    {
        var version = Row(row.Key)?.Version ?? 0;
        if (ComparesVersions && version != row.Version - 1) return false;

        Changes++;
        _rows[row.Key] = ComparesVersions ? row : row with { Version = version + 1 };
        return true;
    }

    private void Put(HistoryRow row)
    {
        if (HighestVersionWins && _history.TryGetValue((row.Key, row.Window), out var present) && present.Version > row.Version) return;

        Changes++;
        _history[(row.Key, row.Window)] = row;
    }
}
