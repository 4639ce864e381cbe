using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Grains.Streams.Cells;
using Grains.Streams.Cluster;
using Grains.Streams.Pumps;
using Grains.Streams.Storage;
using Microsoft.Extensions.Logging;

namespace Grains.Streams;

/// <summary>Everything of one stream in one process: the cells, the snapshot writer, and the readers of partitions.</summary>
/// <remarks>Started first and stopped last: readers are stopped, then what they counted is written, then it is disposed.</remarks>
public sealed partial class StreamEngine<TState, TEvent> : IAsyncDisposable
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private const int OpenBatch = 4096;
    private static readonly TimeSpan IdleCheckInterval = TimeSpan.FromSeconds(30);

    private readonly StreamDefinition<TState, TEvent> _definition;
    private readonly IBatchedSnapshots _snapshots;
    private readonly SnapshotWriter<TState, TEvent> _writer;
    private readonly CellOptions _cellOptions;
    private readonly ILogger _log;
    private readonly ILoggerFactory _logs;
    private readonly CellDoors? _doors;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PartitionRun> _runs = [];
    private PumpReport _released = PumpReport.Empty;
    private Task _writing = Task.CompletedTask;
    private int _routesVersion;
    private bool _away;
    private int _refused;

    internal StreamEngine(
        StreamDefinition<TState, TEvent> definition,
        IBatchedSnapshots snapshots,
        IHistoryRows history,
        IDeadLetters deadLetters,
        StreamOptions options,
        CellOptions cellOptions,
        TimeProvider time,
        IMeterFactory meters,
        ILoggerFactory logs,
        ICellRoutes<TEvent> routes,
        CellDoors? doors)
    {
        (_definition, _snapshots, _cellOptions, _logs, _doors, Options, Time, DeadLetters, Routes) = (definition, snapshots, cellOptions, logs, doors, options, time, deadLetters, routes);
        _log = logs.CreateLogger("Grains.Streams");
        Metrics = new StreamMetrics(meters, time);
        Host = new CellHost<TState, TEvent>(definition.NewState, NewEpoch, snapshots, history, cellOptions, time, owns: key => routes.RouteOf(key) is null);
        _writer = new SnapshotWriter<TState, TEvent>(Host, snapshots, history, cellOptions, Metrics);
    }

    /// <summary>The states of the keys.</summary>
    public ICells<TState> Cells => Host;

    /// <summary>The readings under way.</summary>
    public IReadOnlyList<PartitionRun> Runs
    {
        get
        {
            lock (_runs) return [.. _runs];
        }
    }

    /// <summary>What was read by every reading since the process began.</summary>
    public PumpReport Report()
    {
        lock (_runs) return _runs.Aggregate(_released, (sum, run) => sum + run.Report());
    }

    /// <summary>Snapshot rows and their bytes, and history rows, handed to the storage since the process began.</summary>
    public (long Rows, long Bytes, long HistoryRows) Written => (Metrics.Rows, Metrics.RowBytes, Metrics.HistoryRows);

    internal StreamOptions Options { get; }

    internal TimeProvider Time { get; }

    internal IDeadLetters DeadLetters { get; }

    internal ICellRoutes<TEvent> Routes { get; }

    internal CellHost<TState, TEvent> Host { get; }

    internal StreamMetrics Metrics { get; }

    /// <summary>Begins to write snapshots, and opens the door for the pumps of other silos.</summary>
    public void Start()
    {
        _routesVersion = Routes.Version;
        _doors?.Open(_definition.Name, new CellDoor<TState, TEvent>(new CellServer<TState, TEvent>(Host, key => Routes.RouteOf(key) is null), _definition.Codec));
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Begins to read a partition.</summary>
    public PartitionRun Read(IPartitionSource source)
    {
        var run = new PartitionReader<TState, TEvent>(this, source, _definition.NewDecoder(), _logs.CreateLogger("Grains.Streams.Partition"));
        lock (_runs) _runs.Add(run);
        return run;
    }

    /// <summary>Keeps the keys in memory that the storage has and this silo owns, until there are <see cref="CellOptions.MaxCells"/>: for lists that look at every key. Looks again whenever silos come or go.</summary>
    /// <returns>Ends with the token only.</returns>
    /// <exception cref="SnapshotStorageException">A row is damaged.</exception>
    public async Task KeepStoredOpenAsync(CancellationToken cancellationToken)
    {
        var opened = -1;
        while (true)
        {
            var version = Routes.Version;
            try
            {
                if (version != opened) await OpenStoredAsync(cancellationToken).ConfigureAwait(false);
                opened = version;
            }
            catch (SnapshotStorageException away) when (away.IsTransient)
            {
                // Keys come into memory as they are visited meanwhile.
                StorageIsAway(away);
            }

            await Task.Delay(Options.RetryDelay, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Brings the keys that the storage has into memory, once.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked, or a row is damaged.</exception>
    public async Task OpenStoredAsync(CancellationToken cancellationToken)
    {
        var keys = new List<string>(OpenBatch);
        await foreach (var row in _snapshots.ScanAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Host.Count + keys.Count >= _cellOptions.MaxCells) break;
            if (Routes.RouteOf(row.Key) is null) keys.Add(row.Key);
            if (keys.Count < OpenBatch) continue;

            await Host.OpenAsync(keys, cancellationToken).ConfigureAwait(false);
            keys.Clear();
        }

        await Host.OpenAsync(keys, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops reading a partition; see <see cref="PartitionRun.StopAsync"/>.</summary>
    public async Task ReleaseAsync(PartitionRun run, CancellationToken cancellationToken)
    {
        await run.StopAsync(cancellationToken).ConfigureAwait(false);
        lock (_runs)
        {
            if (_runs.Remove(run)) _released += run.Report();
        }
    }

    /// <summary>Stops reading, and writes and commits what was read, until the token says that it has taken too long.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Runs.Select(run => run.StopAsync(cancellationToken))).ConfigureAwait(false);
        _doors?.Close(_definition.Name);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var run in Runs.OfType<IDisposable>()) run.Dispose();
        _writer.Dispose();
        Host.Dispose();
        _stop.Dispose();
    }

    /// <summary>Writes every cell that is dirty now.</summary>
    /// <returns>Whether all of them are durable.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var round = await WriteRoundAsync(cancellationToken).ConfigureAwait(false);
        return round.Failed == 0;
    }

    internal void StorageIsAway(Exception? cause)
    {
        if (_away) return;

        _away = true;
        LogStorageAway(cause);
    }

    private static long NewEpoch() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private async Task WriteAsync()
    {
        var backoff = new Backoff(_cellOptions.SnapshotInterval, Time);
        var closed = Time.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            await backoff.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                var round = await WriteRoundAsync(_stop.Token).ConfigureAwait(false);
                // Others do not wait for what is refused.
                if (round.Failed == round.Refused) backoff.Reset();
                HandOver();
                if (Time.GetElapsedTime(closed) < IdleCheckInterval) continue;

                Host.CloseIdle(_cellOptions.IdleTime, _cellOptions.MaxCells);
                closed = Time.GetTimestamp();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The cells that were in the failed call are closed; their pumps read on from what the storage has.
                LogSnapshotsFailed(failure);
            }
        }
    }

    private async ValueTask<SnapshotRound> WriteRoundAsync(CancellationToken cancellationToken)
    {
        var round = await _writer.WriteRoundAsync(cancellationToken).ConfigureAwait(false);
        if (round.Failed > round.Refused && round.Written == 0) StorageIsAway(null);
        else if (round.Written + round.Refused > 0) StorageIsBack();
        // Told when it begins and when there are more, not each time they are tried.
        if (round.Refused > _refused) LogSnapshotsRefused(round.Refused, round.Refusal!);
        _refused = round.Refused;
        return round;
    }

    // Closes the cells that other silos own now. They refuse pumps already and were flushed a moment ago; what came in between is read again by the pumps.
    private void HandOver()
    {
        if (_routesVersion == Routes.Version) return;

        _routesVersion = Routes.Version;
        var leaving = Host.Where(key => Routes.RouteOf(key) is not null);
        foreach (var cell in leaving) Host.Close(cell);
        LogHandedOver(leaving.Count);
    }

    private void StorageIsBack()
    {
        if (!_away) return;

        _away = false;
        LogStorageBack();
    }

    [LoggerMessage(EventIds.StorageAway, LogLevel.Warning, "The storage cannot be reached. What is counted stays in memory and is written when it is back; nothing is lost.")]
    private partial void LogStorageAway(Exception? cause);

    [LoggerMessage(EventIds.CellsHandedOver, LogLevel.Information, "The silos of the cluster have changed: {Cells} cells are left to other silos.")]
    private partial void LogHandedOver(int cells);

    [LoggerMessage(EventIds.StorageBack, LogLevel.Information, "The storage is back.")]
    private partial void LogStorageBack();

    [LoggerMessage(EventIds.SnapshotsRefused, LogLevel.Error, "Snapshots that the storage refuses: {Snapshots}. The first: {Refusal} What they hold is counted and answered but not durable, and will be read again; the others are written. They are tried again, and this is told when there are more.")]
    private partial void LogSnapshotsRefused(int snapshots, string refusal);

    [LoggerMessage(EventIds.SnapshotsFailed, LogLevel.Error, "A round of snapshots failed.")]
    private partial void LogSnapshotsFailed(Exception failure);
}
