using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>Operations on many rows: grouped by server and region, sent together, and those that have no outcome yet sent again, until all have one or the time is over.</summary>
internal sealed class Batch
{
    private readonly TableName _table;
    private readonly RegionMap _map;
    private readonly RegionCaller _caller;
    private readonly ulong _nonceGroup;
    private readonly BatchItem[] _items;
    private readonly BatchOutcome?[] _outcomes;
    private readonly long _started;

    public Batch(TableName table, RegionMap map, RegionCaller caller, ulong nonceGroup, IReadOnlyList<RowOperation> operations)
    {
        (_table, _map, _caller, _nonceGroup) = (table, map, caller, nonceGroup);
        _items = new BatchItem[operations.Count];
        _outcomes = new BatchOutcome?[operations.Count];
        _started = caller.Time.GetTimestamp();
        for (var i = 0; i < _items.Length; i++) _items[i] = new BatchItem(operations[i], NonceOf(operations[i]));
    }

    private TimeSpan Rest => _caller.Options.OperationTimeout - _caller.Time.GetElapsedTime(_started);

    public async Task<BatchOutcome[]> RunAsync(CancellationToken cancellationToken)
    {
        var open = Enumerable.Range(0, _items.Length).ToList();
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            var (calls, unlocatedPause) = await GroupAsync(open, attempt, cancellationToken).ConfigureAwait(false);
            var pauses = calls.Count == 1
                ? [await SendAsync(calls[0], attempt, cancellationToken).ConfigureAwait(false)]
                : await Task.WhenAll(calls.Select(call => SendAsync(call, attempt, cancellationToken))).ConfigureAwait(false);
            open = open.FindAll(index => _outcomes[index] is null);
            if (open.Count == 0) break;

            await PauseAsync(open, pauses.Append(unlocatedPause).Max(), attempt, cancellationToken).ConfigureAwait(false);
            open = open.FindAll(index => _outcomes[index] is null);
        }

        return Array.ConvertAll(_outcomes, static outcome => outcome!.Value);
    }

    // Finds the region of each; what has no known region fails this attempt.
    private async Task<(List<ServerCall> Calls, TimeSpan Pause)> GroupAsync(List<int> open, int attempt, CancellationToken cancellationToken)
    {
        var calls = new List<ServerCall>();
        var pause = TimeSpan.Zero;
        RpcException? unlocated = null;
        foreach (var index in open)
        {
            var item = _items[index];
            var region = _map.Find(item.Operation.Row.Span);
            try
            {
                // Once the lookup failed it is not tried again for each of the others: they take part in the next attempt.
                if (region is null && unlocated is null) region = await _caller.Locator.LocateAsync(_table, _map, item.Operation.Row, _caller.Limit(Rest), cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                unlocated = e;
            }
            catch (HBaseException e)
            {
                Fail(index, e, attempt);
                continue;
            }

            if (region is null)
            {
                pause = Longer(pause, NotDone(index, unlocated!, attempt, mayHaveBeenDone: false, null));
                continue;
            }

            item.Begin(region);
            Place(calls, region, index, item);
        }

        return (calls, pause);
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Place(List<ServerCall> calls, RegionLocation region, int index, BatchItem item)
    {
        var size = item.Operation.Size;
        var call = calls.FindLast(known => known.Server == region.Server);
        if (call is null || call.Count >= _caller.Options.MaxBatchActions || call.Size + size > _caller.Options.MaxBatchBytes)
        {
            call = new ServerCall(region.Server);
            calls.Add(call);
        }

        call.Add(region, index, item.IsPlain, size);
    }

    private async Task<TimeSpan> SendAsync(ServerCall call, int attempt, CancellationToken cancellationToken)
    {
        RpcException? failure = null;
        try
        {
            var connection = await _caller.ConnectAsync(call.Server, Rest, cancellationToken).ConfigureAwait(false);
            await connection.SendAsync(new MultiCall(call.Regions, _items, _nonceGroup), _caller.Limit(Rest), cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            failure = e;
        }
        catch (HBaseException e)
        {
            foreach (var index in call.Regions.SelectMany(static region => region.Items)) Fail(index, e, attempt);
            return TimeSpan.Zero;
        }

        var pause = TimeSpan.Zero;
        foreach (var actions in call.Regions)
        {
            RpcException? reacted = null;
            foreach (var index in actions.Items)
            {
                var item = _items[index];
                var error = failure ?? Unanswered(item);
                if (error is null)
                {
                    Settle(index, item, attempt);
                    continue;
                }

                // One reaction for a region and fault: its neighbours failed for the same reason.
                var isNews = reacted is null || error.Remote?.ClassName != reacted.Remote?.ClassName;
                pause = Longer(pause, NotDone(index, error, attempt, RegionCaller.MayHaveBeenDone(error), isNews ? actions.Region : null));
                reacted = error;
            }
        }

        return pause;
    }

    private static RpcException? Unanswered(BatchItem item) => item switch
    {
        { Fault: { } fault } => new RpcException(RpcFaultKind.Remote, $"{fault.ShortName}: {fault.Message}") { Remote = fault },
        { Answered: false } => new RpcException(RpcFaultKind.BadAnswer, "the answer left the operation out"),
        _ => null,
    };

    private void Settle(int index, BatchItem item, int attempt)
    {
        if (item is { Operation: CheckAndMutate, Processed: false, Ambiguous: true })
        {
            Fail(index, new RpcException(RpcFaultKind.ConnectionLost, "an attempt was not answered, and the next found that the condition does not hold"), attempt);
            return;
        }

        _outcomes[index] = new BatchOutcome(item.Row, item.Processed, null);
    }

    private TimeSpan NotDone(int index, RpcException error, int attempt, bool mayHaveBeenDone, RegionLocation? region)
    {
        var item = _items[index];
        item.Ambiguous |= mayHaveBeenDone && item.Operation is not Get;
        item.LastError = error;
        if (_caller.React(error, region, attempt) is { } pause) return pause;

        Fail(index, error, attempt);
        return TimeSpan.Zero;
    }

    private async Task PauseAsync(List<int> open, TimeSpan pause, int attempt, CancellationToken cancellationToken)
    {
        if (pause >= Rest)
        {
            foreach (var index in open) Fail(index, _items[index].LastError!, attempt);
            return;
        }

        _caller.Metrics.Retried("Batch");
        if (pause > TimeSpan.Zero) await Task.Delay(pause, _caller.Time, cancellationToken).ConfigureAwait(false);
    }

    private void Fail(int index, Exception error, int attempt)
    {
        var item = _items[index];
        _outcomes[index] = new BatchOutcome(
            default, false, FailureReport.Create(item.Operation.Verb, _table, item.Operation.Row.Span, item.Region?.Server.ToString(), attempt, error, item.Ambiguous));
    }

    private Nonce NonceOf(RowOperation operation) => operation switch
    {
        Mutation mutation => Nonce.For(mutation, _nonceGroup),
        CheckAndMutate { Mutation: { } mutation } => Nonce.For(mutation, _nonceGroup),
        CheckAndMutate { Mutations: not null } or RowMutations => new Nonce(_nonceGroup, Nonce.Random()),
        _ => default,
    };

    /// <summary>What goes to one server in one call.</summary>
    private sealed class ServerCall(HBaseEndpoint server)
    {
        public HBaseEndpoint Server { get; } = server;

        public List<RegionActions> Regions { get; } = [];

        public int Count { get; private set; }

        public int Size { get; private set; }

        public void Add(RegionLocation region, int index, bool isPlain, int size)
        {
            var actions = isPlain ? Regions.Find(known => known.IsGroup && ReferenceEquals(known.Region, region)) : null;
            if (actions is null) Regions.Add(actions = new RegionActions(region, isPlain));
            actions.Items.Add(index);
            actions.Size += size + 16;
            Size += size + 16;
            Count++;
        }
    }
}
