using System.Diagnostics.Metrics;
using Grains.Streams.Storage;

namespace Grains.Streams;

/// <summary>The meter <c>Grains.Streams</c>. No tag ever names a key.</summary>
internal sealed class StreamMetrics
{
    public const string MeterName = "Grains.Streams";

    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _snapshotBytes;
    private readonly Counter<long> _history;
    private readonly Counter<long> _historyFailures;
    private readonly Histogram<double> _snapshotDuration;
    private readonly Histogram<double> _historyDuration;
    private readonly TimeProvider _time;
    private readonly long[] _outcomes = new long[4];
    private long _rows;
    private long _rowBytes;
    private long _historyRows;

    public StreamMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _snapshots = meter.CreateCounter<long>("grains.snapshots", "{row}", "Snapshot rows by outcome.");
        _snapshotBytes = meter.CreateCounter<long>("grains.snapshot_bytes", "By", "Bytes of snapshot rows handed to the storage.");
        _snapshotDuration = meter.CreateHistogram<double>("grains.snapshot_write.duration", "s", "Duration of one call of the storage.");
        _history = meter.CreateCounter<long>("grains.history_rows", "{row}", "History rows written.");
        _historyFailures = meter.CreateCounter<long>("grains.history_failures", "{row}", "History rows that will be written again.");
        _historyDuration = meter.CreateHistogram<double>("grains.history_write.duration", "s", "Duration of one call of the storage.");
    }

    /// <summary>Snapshot rows handed to the storage since the process began.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Their bytes.</summary>
    public long RowBytes => Volatile.Read(ref _rowBytes);

    /// <summary>History rows written since the process began.</summary>
    public long HistoryRows => Volatile.Read(ref _historyRows);

    public long Outcomes(WriteOutcome outcome) => Volatile.Read(ref _outcomes[(int)outcome]);

    public void SnapshotsWritten(int rows, long bytes, long ticks)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _rowBytes, bytes);
        _snapshotBytes.Add(bytes);
        _snapshotDuration.Record(Seconds(ticks));
    }

    public void SnapshotOutcome(WriteOutcome outcome)
    {
        Interlocked.Increment(ref _outcomes[(int)outcome]);
        if (_snapshots.Enabled) _snapshots.Add(1, KeyValuePair.Create("grains.outcome", (object?)Name(outcome)));
    }

    public void HistoryWritten(int rows, long ticks)
    {
        Interlocked.Add(ref _historyRows, rows);
        _history.Add(rows);
        _historyDuration.Record(Seconds(ticks));
    }

    public void HistoryFailed(int rows) => _historyFailures.Add(rows);

    private static string Name(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Won => "won",
        WriteOutcome.Lost => "lost",
        WriteOutcome.NotWritten => "not_written",
        _ => "unknown",
    };

    private double Seconds(long ticks) => (double)ticks / _time.TimestampFrequency;
}
