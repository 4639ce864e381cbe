using Grains.Streams.Storage;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Pumps;

/// <summary>The loop of one partition: read, deliver, and now and then commit what has become durable.</summary>
internal sealed partial class PartitionReader<TState, TEvent> : PartitionRun, IDisposable
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private readonly StreamEngine<TState, TEvent> _engine;
    private readonly IPartitionSource _source;
    private readonly IRecordDecoder<TEvent> _decoder;
    private readonly ILogger _log;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private PartitionPump<TState, TEvent>? _pump;
    private long _committed;
    private long _committedBytes;
    private long _nextCommit;

    public PartitionReader(StreamEngine<TState, TEvent> engine, IPartitionSource source, IRecordDecoder<TEvent> decoder, ILogger log)
    {
        (_engine, _source, _decoder, _log) = (engine, source, decoder, log);
        _backoff = new Backoff(engine.Options.RetryDelay, engine.Time);
        Completion = Task.Run(RunAsync);
    }

    public override Task Completion { get; }

    public override PartitionId? Partition => _pump?.Partition;

    public override SourceLag Lag => _source.Lag;

    public override long Durable => Volatile.Read(ref _committed);

    public override PumpReport Report() => _pump is { } pump ? PumpReport.Of(pump.Counters, _decoder.ReasonName) : PumpReport.Empty;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await using var abandon = cancellationToken.Register(_abandon.Cancel).ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _abandon.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            var start = await _source.OpenAsync(_stop.Token).ConfigureAwait(false);
            _committed = start;
            _pump = new PartitionPump<TState, TEvent>(_source.Id, _decoder, _engine.Host, _engine.Routes, _engine.DeadLetters);
            _pump.Begin(start);
            LogOpened(_source.Id, start);
            await ReadUntilStoppedAsync(_pump).ConfigureAwait(false);
            await DrainAsync(_pump).ConfigureAwait(false);
            LogEnded(_source.Id, Durable);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            LogEnded(_source.Id, Durable);
        }
        finally
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadUntilStoppedAsync(PartitionPump<TState, TEvent> pump)
    {
        try
        {
            await ReadAsync(pump).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while it waited for the source or the storage: what was read is still to become durable.
        }
    }

    private async Task ReadAsync(PartitionPump<TState, TEvent> pump)
    {
        var options = _engine.Options;
        var pollBytes = options.MinPollBytes;
        while (!_stop.IsCancellationRequested)
        {
            var before = pump.Counters.Bytes;
            var records = _source.Read(pump, pollBytes);
            await DeliverAsync(pump).ConfigureAwait(false);
            if (pump.TakeRewind(out var position)) Rewind(pump, position);
            if (_engine.Time.GetTimestamp() >= _nextCommit) await CommitAsync(pump).ConfigureAwait(false);

            var bytes = pump.Counters.Bytes - before;
            pollBytes = bytes >= pollBytes / 2 ? Math.Min(options.MaxPollBytes, 2 * pollBytes) : bytes < pollBytes / 8 ? Math.Max(options.MinPollBytes, pollBytes / 2) : pollBytes;
            if (pump.Counters.Bytes - _committedBytes > options.MaxUndurableBytes) await PauseAsync(pump).ConfigureAwait(false);
            if (pump.Keys > options.MaxKeys) pump.ForgetSettledKeys();
            if (records == 0 && await _source.WaitAsync(_stop.Token).ConfigureAwait(false)) return;
        }
    }

    // Everything read becomes durable and is committed, as long as nobody loses patience.
    private async Task DrainAsync(PartitionPump<TState, TEvent> pump)
    {
        while (!_abandon.IsCancellationRequested)
        {
            await DeliverAsync(pump).ConfigureAwait(false);
            await _engine.FlushAsync(_abandon.Token).ConfigureAwait(false);
            await CommitAsync(pump).ConfigureAwait(false);
            if (pump.TakeRewind(out var position))
            {
                Rewind(pump, position);
                while (_source.Read(pump, _engine.Options.MaxPollBytes) > 0) await DeliverAsync(pump).ConfigureAwait(false);
            }
            else if (Durable == pump.Next)
            {
                return;
            }
            else
            {
                await _backoff.WaitAsync(_abandon.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task DeliverAsync(PartitionPump<TState, TEvent> pump)
    {
        while (true)
        {
            try
            {
                if (await pump.DeliverAsync(_abandon.Token).ConfigureAwait(false)) break;
            }
            catch (SnapshotStorageException away) when (away.IsTransient)
            {
                _engine.StorageIsAway(away);
            }

            await _backoff.WaitAsync(_abandon.Token).ConfigureAwait(false);
        }

        _backoff.Reset();
    }

    private async Task CommitAsync(PartitionPump<TState, TEvent> pump)
    {
        _nextCommit = _engine.Time.GetTimestamp() + (long)(_engine.Options.CommitInterval.TotalSeconds * _engine.Time.TimestampFrequency);
        // Order matters: these bytes were read before the pump was asked what of them is durable.
        var bytes = pump.Counters.Bytes;
        try
        {
            var low = await pump.SettleAsync(_abandon.Token).ConfigureAwait(false);
            if (low <= _committed) return;

            await _engine.DeadLetters.FlushAsync(_abandon.Token).ConfigureAwait(false);
            await _source.CommitAsync(low, _abandon.Token).ConfigureAwait(false);
            _committedBytes = Math.Max(_committedBytes, bytes - UndurableBytes(pump, low));
            Volatile.Write(ref _committed, low);
        }
        catch (SnapshotStorageException away) when (away.IsTransient)
        {
            _engine.StorageIsAway(away);
        }
    }

    // An estimate by the share of positions, for back-pressure only.
    private long UndurableBytes(PartitionPump<TState, TEvent> pump, long low)
    {
        var span = Math.Max(1, pump.Next - _committed);
        return (long)((pump.Counters.Bytes - _committedBytes) * ((double)(pump.Next - low) / span));
    }

    private async Task PauseAsync(PartitionPump<TState, TEvent> pump)
    {
        LogPaused(_source.Id, pump.Counters.Bytes - _committedBytes);
        while (!_stop.IsCancellationRequested && pump.Counters.Bytes - _committedBytes > _engine.Options.MaxUndurableBytes / 4 * 3)
        {
            await Task.Delay(_engine.Options.RetryDelay, _engine.Time, _stop.Token).ConfigureAwait(false);
            await CommitAsync(pump).ConfigureAwait(false);
            if (pump.TakeRewind(out var position)) Rewind(pump, position);
        }

        LogResumed(_source.Id);
    }

    private void Rewind(PartitionPump<TState, TEvent> pump, long position)
    {
        LogRewound(_source.Id, position, pump.Counters.Rewinds);
        _source.Seek(position);
    }

    [LoggerMessage(EventIds.PartitionOpened, LogLevel.Information, "Reading {Partition} from position {Position}.")]
    private partial void LogOpened(PartitionId partition, long position);

    [LoggerMessage(EventIds.PartitionEnded, LogLevel.Information, "Stopped reading {Partition}; everything below position {Position} is durable.")]
    private partial void LogEnded(PartitionId partition, long position);

    [LoggerMessage(EventIds.PartitionRewound, LogLevel.Information, "{Partition} is read again from position {Position}: a cell that had counted events beyond it is gone (rewind {Rewinds}).")]
    private partial void LogRewound(PartitionId partition, long position, long rewinds);

    [LoggerMessage(EventIds.PartitionPaused, LogLevel.Warning, "Reading {Partition} pauses: {Bytes} bytes are read and not durable. It goes on when the storage has caught up.")]
    private partial void LogPaused(PartitionId partition, long bytes);

    [LoggerMessage(EventIds.PartitionResumed, LogLevel.Information, "Reading {Partition} goes on.")]
    private partial void LogResumed(PartitionId partition);
}
