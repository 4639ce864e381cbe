using System.Runtime.CompilerServices;
using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>Brings a call to the region of its row, however often that takes, until the operation's time is over. Each operation has its own loop: nothing is parked, nothing can get stuck.</summary>
internal sealed class RegionCaller(HBaseClientOptions options, RegionLocator locator, ServerPool pool, ClientMetrics metrics, TimeProvider time)
{
    private readonly RetryPolicy _policy = new(options);

    public RegionLocator Locator => locator;

    public HBaseClientOptions Options => options;

    public TimeProvider Time => time;

    public ClientMetrics Metrics => metrics;

    /// <summary>Sends the call until it is answered.</summary>
    /// <exception cref="HBaseException">It failed for good.</exception>
    /// <remarks>Runs per call; allocates nothing where the region is known and the connection open.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask RunAsync(RegionCall call, TableName table, RegionMap map, RowOperation operation, bool isWrite, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var rest = options.OperationTimeout;
        for (var attempt = 1; ; attempt++)
        {
            Exception error;
            try
            {
                call.Region = null;
                call.Region = await locator.LocateAsync(table, map, operation.Row, Limit(rest), cancellationToken).ConfigureAwait(false);
                var connection = await pool.GetAsync(call.Region.Server, ServerPool.ClientService, Limit(rest), cancellationToken).ConfigureAwait(false);
                await connection.SendAsync(call, Limit(rest), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (RpcException e)
            {
                error = e;
                call.Ambiguous |= isWrite && MayHaveBeenDone(e);
                var pause = React(e, call.Region, attempt);
                rest = options.OperationTimeout - time.GetElapsedTime(started);
                if (pause is { } wait && wait < rest)
                {
                    metrics.Retried(operation.Verb);
                    if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
                    rest = options.OperationTimeout - time.GetElapsedTime(started);
                    if (rest > TimeSpan.Zero) continue;
                }
            }
            catch (HBaseException e)
            {
                error = e;
            }

            throw FailureReport.Create(operation.Verb, table, operation.Row.Span, call.Region?.Server.ToString(), attempt, error, call.Ambiguous);
        }
    }

    public ValueTask<RpcConnection> ConnectAsync(HBaseEndpoint server, TimeSpan rest, CancellationToken cancellationToken) =>
        pool.GetAsync(server, ServerPool.ClientService, Limit(rest), cancellationToken);

    /// <summary>Time for one attempt.</summary>
    public TimeSpan Limit(TimeSpan rest) => rest >= options.CallTimeout ? options.CallTimeout : rest > TimeSpan.Zero ? rest : TimeSpan.FromMilliseconds(1);

    /// <summary>Corrects what is known of regions and servers after a failed attempt; tells how long to wait before the next, or null where none can help.</summary>
    public TimeSpan? React(RpcException error, RegionLocation? region, int attempt)
    {
        var action = error.Remote?.Action ?? FaultAction.Relocate;
        switch (action)
        {
            case FaultAction.Fail or FaultAction.Refused or FaultAction.ReopenScanner:
                return null;

            // The first time it can go at once to where the server says; a second time things are moving, and it waits. Servers remember for minutes where a region went: what one says
            // that is older than what is known would lead back, from server to server and round in a ring.
            case FaultAction.Relocate when region is not null && error.Remote is { MovedTo: { } target, MovedAt: var movedAt } && movedAt >= region.Sequence:
                locator.Replace(region, target, movedAt);
                return attempt == 1 ? TimeSpan.Zero : _policy.Pause(attempt, action, null);

            case FaultAction.Relocate when region is not null:
                locator.Remove(region);
                break;

            case FaultAction.LeaveServer when region is not null:
                locator.RemoveServer(region.Server);
                pool.Leave(region.Server);
                break;
        }

        return _policy.Pause(attempt, action, error.Remote?.Wait);
    }

    /// <summary>An exception of a known class says that nothing was done. Another may come from the middle of a write, whose log entry may live on.</summary>
    public static bool MayHaveBeenDone(RpcException error) => error.Remote is { } remote ? !remote.IsKnown : error.MayHaveBeenDone;
}
