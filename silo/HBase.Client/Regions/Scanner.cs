using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>Goes through the regions of a table chunk by chunk, with the next chunk under way while the last is being read.</summary>
/// <remarks>
/// Invariant: <see cref="_position"/> is the last whole row handed on (or the start); whatever happens to a server's scanner, another can be opened behind it, so that each row comes once and whole.
/// </remarks>
internal sealed class Scanner : IAsyncDisposable
{
    private readonly TableName _table;
    private readonly RegionMap _map;
    private readonly RegionCaller _caller;
    private readonly Scan _scan;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _stepping = new(1); // One step of the server's scanner at a time: a chunk, or a renewal of the lease.
    private readonly ITimer _renewal;
    private readonly RowAssembler _rows = new();
    private byte[] _position;
    private bool _includePosition;
    private bool _atRegionBorder; // Reversed: the position is the start key of the region before, and excluded.
    private int _left;
    private bool _done;
    private OpenScanner? _open;
    private Task<List<HBaseRow>?>? _next;

    public Scanner(TableName table, RegionMap map, RegionCaller caller, Scan scan)
    {
        if (scan.ChunkRows < 1 || scan.ChunkBytes < 1 || scan.Limit < 0) throw new ArgumentException("A scan's ChunkRows and ChunkBytes are at least 1, its Limit at least 0.", nameof(scan));

        (_table, _map, _caller, _scan) = (table, map, caller, scan);
        (_position, _includePosition, _left) = (scan.StartRow.ToArray(), scan.IncludeStartRow, scan.Limit);
        _renewal = caller.Time.CreateTimer(static scanner => _ = ((Scanner)scanner!).RenewAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The next rows; null at the end.</summary>
    public async ValueTask<List<HBaseRow>?> NextAsync(CancellationToken cancellationToken)
    {
        var chunk = await (_next ?? StepAsync(cancellationToken)).WaitAsync(cancellationToken).ConfigureAwait(false);
        _next = chunk is null || _done ? null : StepAsync(_stop.Token);
        return chunk is null || chunk.Count > 0 ? chunk : await NextAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _renewal.DisposeAsync().ConfigureAwait(false);
        if (_next is not null) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stepping.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_open is { } open) await CloseAsync(open).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or HBaseException)
        {
            // The lease ends what could not be closed.
        }

        _rows.Dispose();
        _stop.Dispose();
    }

    private async Task<List<HBaseRow>?> StepAsync(CancellationToken cancellationToken)
    {
        var scope = _caller.Metrics.Begin("Scan", _table);
        try
        {
            await _stepping.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var chunk = await RetryAsync(cancellationToken).ConfigureAwait(false);
                scope.End();
                return chunk;
            }
            finally
            {
                if (_open is { Lease: { Ticks: > 0 } lease }) _renewal.Change(lease / 3, Timeout.InfiniteTimeSpan);
                _stepping.Release();
            }
        }
        catch (Exception e)
        {
            scope.End(e);
            throw;
        }
    }

    // Until there are rows or the end. The time limit is for one chunk, not for the whole scan.
    private async Task<List<HBaseRow>?> RetryAsync(CancellationToken cancellationToken)
    {
        var started = _caller.Time.GetTimestamp();
        var rest = _caller.Options.OperationTimeout;
        var attempt = 0;
        while (!_done)
        {
            RegionLocation? region = null;
            Exception error;
            try
            {
                region = _open?.Region ?? await LocateAsync(_caller.Limit(rest), cancellationToken).ConfigureAwait(false);
                var rows = await AskAsync(region, _caller.Limit(rest), cancellationToken).ConfigureAwait(false);
                if (rows.Count > 0) return rows;

                // A heartbeat, or the end of a region: progress all the same.
                started = _caller.Time.GetTimestamp();
                attempt = 0;
                continue;
            }
            catch (RpcException e)
            {
                error = e;
                attempt++;
                var mayReopen = e.Remote?.Action == FaultAction.ReopenScanner;
                _open = null;
                _rows.Forget();
                var pause = mayReopen ? (attempt == 1 ? TimeSpan.Zero : _caller.Options.RetryPause) : _caller.React(e, region, attempt);
                rest = _caller.Options.OperationTimeout - _caller.Time.GetElapsedTime(started);
                if (pause is { } wait && wait < rest)
                {
                    _caller.Metrics.Retried("Scan");
                    if (wait > TimeSpan.Zero) await Task.Delay(wait, _caller.Time, cancellationToken).ConfigureAwait(false);
                    rest = _caller.Options.OperationTimeout - _caller.Time.GetElapsedTime(started);
                    if (rest > TimeSpan.Zero) continue;
                }
            }
            catch (HBaseException e)
            {
                error = e;
                attempt++;
            }

            throw FailureReport.Create("Scan", _table, _position, region?.Server.ToString(), attempt, error, ambiguous: false);
        }

        return null;
    }

    private ValueTask<RegionLocation> LocateAsync(TimeSpan timeout, CancellationToken cancellationToken) => _scan.Reversed && (_atRegionBorder || _position.Length == 0)
        ? _caller.Locator.LocateBeforeAsync(_table, _map, _position, timeout, cancellationToken)
        : _caller.Locator.LocateAsync(_table, _map, _position, timeout, cancellationToken);

    private async Task<List<HBaseRow>> AskAsync(RegionLocation region, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var call = new ScanCall { Region = region, MaxRows = _left > 0 ? Math.Min(_left, _scan.ChunkRows) : _scan.ChunkRows, LimitRows = _left };
        if (_open is { } open) (call.ScannerId, call.Sequence) = (open.Id, open.NextSequence++);
        else (call.Scan, call.StartRow, call.IncludeStartRow) = (_scan, _position, _includePosition);

        var connection = await _caller.ConnectAsync(region.Server, timeout, cancellationToken).ConfigureAwait(false);
        await connection.SendAsync(call, timeout, cancellationToken).ConfigureAwait(false);
        if (_open is null && call is { OpenedScannerId: { } id, MoreResults: true, MoreInRegion: true }) _open = new OpenScanner(region, id);
        if (_open is not null) _open.Lease = call.Lease;

        var regionEnds = !call.MoreInRegion || !call.MoreResults;
        var rows = _rows.Take(call, regionEnds);
        if (rows.Count > 0)
        {
            (_position, _includePosition, _atRegionBorder) = (rows[^1].Key.ToArray(), false, false);
            if (_scan.Limit > 0 && (_left -= rows.Count) <= 0) _done = true;
        }

        if (!call.MoreResults) _done = true;
        if (regionEnds)
        {
            _open = null;
            if (!_done) LeaveRegion(region);
        }

        return rows;
    }

    private void LeaveRegion(RegionLocation region)
    {
        var border = _scan.Reversed ? region.StartKey : region.EndKey;
        (_position, _includePosition, _atRegionBorder) = (border, !_scan.Reversed, true);
        if (border.Length == 0)
        {
            _done = true;
            return;
        }

        if (_scan.StopRow.IsEmpty) return;

        var order = border.AsSpan().SequenceCompareTo(_scan.StopRow.Span);
        _done = _scan.Reversed ? order <= 0 : order > 0 || (order == 0 && !_scan.IncludeStopRow);
    }

    // While the reader is slow: the server is told that the scanner is still wanted. The renewal uses up a number, as any step does.
    private async Task RenewAsync()
    {
        if (!_stepping.Wait(0, CancellationToken.None)) return;

        try
        {
            if (_open is not { } open || _stop.IsCancellationRequested) return;

            var timeout = _caller.Options.CallTimeout;
            var connection = await _caller.ConnectAsync(open.Region.Server, timeout, _stop.Token).ConfigureAwait(false);
            var call = new ScanCall { Region = open.Region, ScannerId = open.Id, Sequence = open.NextSequence++, Renew = true };
            await connection.SendAsync(call, timeout, _stop.Token).ConfigureAwait(false);
            _renewal.Change(open.Lease / 3, Timeout.InfiniteTimeSpan);
        }
        catch (Exception e) when (e is RpcException or HBaseException or OperationCanceledException or ObjectDisposedException)
        {
            // The next step opens another scanner behind the last row.
            _open = null;
        }
        finally
        {
            _stepping.Release();
        }
    }

    private async Task CloseAsync(OpenScanner open)
    {
        _open = null;
        var timeout = _caller.Options.CallTimeout;
        var connection = await _caller.ConnectAsync(open.Region.Server, timeout, CancellationToken.None).ConfigureAwait(false);
        await connection.SendAsync(new ScanCall { Region = open.Region, ScannerId = open.Id, Close = true }, timeout, CancellationToken.None).ConfigureAwait(false);
    }

    private sealed class OpenScanner(RegionLocation region, ulong id)
    {
        public RegionLocation Region { get; } = region;

        public ulong Id { get; } = id;

        public ulong NextSequence { get; set; }

        public TimeSpan Lease { get; set; }
    }
}
