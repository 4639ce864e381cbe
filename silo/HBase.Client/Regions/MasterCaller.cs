using Google.Protobuf;
using HBase.Client.Protocol;
using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>Brings calls to the active master, whoever that is by now.</summary>
internal sealed class MasterCaller(Registry registry, ServerPool pool, RegionCaller caller)
{
    private const int FirstPollMilliseconds = 50;
    private const int LastPollMilliseconds = 1000;

    private HBaseEndpoint? _master;

    public async Task<TAnswer> CallAsync<TAnswer>(string method, IMessage request, MessageParser<TAnswer> parser, CancellationToken cancellationToken, bool isWrite = false)
        where TAnswer : class, IMessage<TAnswer>
    {
        var started = caller.Time.GetTimestamp();
        var rest = caller.Options.OperationTimeout;
        var ambiguous = false;
        for (var attempt = 1; ; attempt++)
        {
            var master = _master;
            Exception error;
            try
            {
                master ??= _master = await registry.ActiveMasterAsync(caller.Limit(rest), cancellationToken).ConfigureAwait(false);
                var connection = await pool.GetAsync(master.Value, ServerPool.MasterService, caller.Limit(rest), cancellationToken).ConfigureAwait(false);
                var call = new MessageCall<TAnswer>(method, request, parser);
                await connection.SendAsync(call, caller.Limit(rest), cancellationToken).ConfigureAwait(false);
                return call.Answer!;
            }
            catch (RpcException e)
            {
                error = e;
                ambiguous |= isWrite && RegionCaller.MayHaveBeenDone(e);
                var pause = caller.React(e, null, attempt);
                if (e.Remote?.Action is not (FaultAction.Fail or FaultAction.Retry or FaultAction.RetryNow or FaultAction.RetryLater)) _master = null;
                rest = caller.Options.OperationTimeout - caller.Time.GetElapsedTime(started);
                if (pause is { } wait && wait < rest)
                {
                    await Task.Delay(wait, caller.Time, cancellationToken).ConfigureAwait(false);
                    rest = caller.Options.OperationTimeout - caller.Time.GetElapsedTime(started);
                    continue;
                }
            }

            throw Report(method, master, attempt, error, ambiguous);
        }
    }

    /// <summary>Starts a procedure of the master and waits for its end. A procedure started twice with one nonce runs once.</summary>
    public async Task RunProcedureAsync(string method, IMessage request, CancellationToken cancellationToken)
    {
        var started = await CallAsync(method, request, ProcedureResponse.Parser, cancellationToken, isWrite: true).ConfigureAwait(false);
        if (!started.HasProcId) return;

        var since = caller.Time.GetTimestamp();
        for (var poll = FirstPollMilliseconds; ; poll = Math.Min(2 * poll, LastPollMilliseconds))
        {
            var result = await CallAsync("getProcedureResult", new GetProcedureResultRequest { ProcId = started.ProcId }, GetProcedureResultResponse.Parser, cancellationToken).ConfigureAwait(false);
            if (result.Exception?.GenericException is { } thrown)
            {
                var fault = RemoteFault.From(thrown.ClassName, thrown.Message, doNotRetry: true);
                throw Report(method, _master, 1, new RpcException(RpcFaultKind.Remote, $"{fault.ShortName}: {fault.Message}") { Remote = fault }, ambiguous: false);
            }

            // Not found: finished, and the answer that said so was lost.
            if (result.State is GetProcedureResultResponse.Types.State.Finished or GetProcedureResultResponse.Types.State.NotFound) return;
            if (caller.Time.GetElapsedTime(since) > caller.Options.OperationTimeout)
            {
                throw Report(method, _master, 1, new RpcException(RpcFaultKind.TimedOut, $"the procedure still runs after {caller.Options.OperationTimeout.TotalSeconds:0.#} s"), ambiguous: true);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(poll), caller.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static HBaseException Report(string method, HBaseEndpoint? master, int attempt, Exception error, bool ambiguous)
    {
        var report = FailureReport.Create(method, default, default, master?.ToString(), attempt, error, ambiguous);
        return new HBaseException(report.Message.Replace(" on ''", "", StringComparison.Ordinal), report.Failure, error) { RemoteClass = report.RemoteClass };
    }
}
