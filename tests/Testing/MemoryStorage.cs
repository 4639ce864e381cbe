using System.Runtime.CompilerServices;
using Grains.Streams.Storage;

namespace Grains.Testing;

/// <summary>How a write to <see cref="MemorySnapshots"/> goes wrong.</summary>
public enum MemoryFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Not written, and said so.</summary>
    Refused,

    /// <summary>Written, and the reply is lost.</summary>
    ReplyLost,

    /// <summary>Not written, and the reply is lost.</summary>
    RequestLost,
}

/// <summary>Snapshot rows in memory, with the rules of <see cref="IBatchedSnapshots"/> and faults on demand. It outlives the objects under test, as a storage does.</summary>
public sealed class MemorySnapshots : IBatchedSnapshots
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SnapshotRow> _rows = new(StringComparer.Ordinal);

    /// <summary>Decides the fate of each write; null for no faults.</summary>
    public Func<SnapshotWrite, MemoryFault>? Fault { get; set; }

    /// <summary>Whether reads fail.</summary>
    public bool ReadsFail { get; set; }

    /// <summary>Writes that won.</summary>
    public long Writes { get; private set; }

    /// <summary>Bytes of the payloads of the writes that won.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>A copy of all rows, by key.</summary>
    public IReadOnlyList<SnapshotRow> Rows
    {
        get { lock (_gate) return [.. _rows.Values]; }
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (ReadsFail) throw new SnapshotStorageException("Read of snapshots in memory failed as the test asked. The call can be repeated.", isTransient: true);

        lock (_gate)
        {
            foreach (ref var read in reads.Span)
            {
                _rows.TryGetValue(read.Key, out var row);
                (read.Version, read.Writer, read.Payload) = (row.Version, row.Writer, row.Payload);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (ref var write in writes.Span) write.Outcome = Write(write);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SnapshotRow> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var row in Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private WriteOutcome Write(SnapshotWrite write)
    {
        var fault = Fault?.Invoke(write) ?? MemoryFault.None;
        if (fault == MemoryFault.Refused) return WriteOutcome.NotWritten;
        if (fault == MemoryFault.RequestLost) return WriteOutcome.Unknown;

        var won = (_rows.TryGetValue(write.Key, out var row) ? row.Version : 0) == write.ExpectedVersion;
        if (won)
        {
            _rows[write.Key] = new SnapshotRow(write.Key, write.ExpectedVersion + 1, write.Writer, write.Payload.ToArray());
            Writes++;
            WrittenBytes += write.Payload.Length;
        }

        if (fault == MemoryFault.ReplyLost) return WriteOutcome.Unknown;
        return won ? WriteOutcome.Won : WriteOutcome.Lost;
    }
}

/// <summary>History rows in memory, with the rules of <see cref="IHistoryRows"/> and faults on demand.</summary>
public sealed class MemoryHistory : IHistoryRows
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Key, long Window), HistoryRow> _rows =
        new(Comparer<(string Key, long Window)>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key) is var byKey and not 0 ? byKey : a.Window.CompareTo(b.Window)));

    /// <summary>Whether the next write fails, and whether its rows are written all the same: <see cref="MemoryFault.ReplyLost"/>. Asked once a call.</summary>
    public Func<MemoryFault>? Fault { get; set; }

    /// <summary>Whether reads fail.</summary>
    public bool ReadsFail { get; set; }

    /// <summary>Rows written, including those that a higher version beat.</summary>
    public long Writes { get; private set; }

    /// <summary>A copy of all rows, by key and window.</summary>
    public IReadOnlyList<HistoryRow> Rows
    {
        get { lock (_gate) return [.. _rows.Values]; }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var fault = Fault?.Invoke() ?? MemoryFault.None;
        if (fault is MemoryFault.None or MemoryFault.ReplyLost)
        {
            lock (_gate)
            {
                foreach (ref readonly var row in rows.Span)
                {
                    Writes++;
                    var place = (row.Key, row.Window);
                    if (!_rows.TryGetValue(place, out var old) || old.Version <= row.Version) _rows[place] = row with { Payload = row.Payload.ToArray() };
                }
            }
        }

        if (fault != MemoryFault.None) throw new SnapshotStorageException("Write of history in memory failed as the test asked. The call can be repeated.", isTransient: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (ReadsFail) throw new SnapshotStorageException("Read of history in memory failed as the test asked. The call can be repeated.", isTransient: true);

        lock (_gate)
        {
            foreach (ref var read in reads.Span) read.Payload = _rows.TryGetValue((read.Key, read.Window), out var row) ? row.Payload : default;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, CancellationToken cancellationToken) =>
        SelectAsync(row => row.Key == key && row.Window >= from && row.Window < to, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, CancellationToken cancellationToken) =>
        SelectAsync(row => row.Window >= from && row.Window < to, cancellationToken);

    private async IAsyncEnumerable<HistoryRow> SelectAsync(Func<HistoryRow, bool> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        if (ReadsFail) throw new SnapshotStorageException("Scan of history in memory failed as the test asked. The call can be repeated.", isTransient: true);

        foreach (var row in Rows.Where(wanted))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}
