using System.Runtime.CompilerServices;
using HBase.Client.Regions;
using HBase.Client.Rpc;

namespace HBase.Client;

/// <summary>Reads and writes the rows of one table. Safe for concurrent use; costs nothing to make and needs no disposal.</summary>
/// <remarks>
/// Every call ends by <see cref="HBaseClientOptions.OperationTimeout"/>, with a result or an <see cref="HBaseException"/> that says what can be done. A call that is cancelled may have been done.
/// Puts and deletes are repeated until they are answered; one that was delayed on its way can therefore be applied after a later one of another client, as with any HBase client: where that
/// matters, use <see cref="CheckAndMutateAsync"/>.
/// </remarks>
public sealed class HBaseTable
{
    private readonly RegionCaller _caller;
    private readonly RegionMap _map;
    private readonly ClientPools _pools;
    private readonly ClientMetrics _metrics;

    internal HBaseTable(TableName name, RegionCaller caller, ClientPools pools)
    {
        Name = name;
        _caller = caller;
        _pools = pools;
        _map = caller.Locator.Map(name);
        _metrics = caller.Metrics;
    }

    /// <summary>The table's name.</summary>
    public TableName Name { get; }

    /// <summary>Reads a row; empty if there is none.</summary>
    /// <exception cref="HBaseException">It could not be read.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HBaseRow> GetAsync(Get get, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(get);
        var call = _pools.Gets.Rent();
        var scope = _metrics.Begin(get.Verb, Name);
        try
        {
            call.Set(get, existenceOnly: false);
            await _caller.RunAsync(call, Name, _map, get, isWrite: false, cancellationToken).ConfigureAwait(false);
            scope.End();
            return call.Row;
        }
        catch (Exception e)
        {
            scope.End(e);
            throw;
        }
        finally
        {
            call.Set(null, false);
            _pools.Gets.Return(call);
        }
    }

    /// <summary>Whether the read would find anything; nothing of it travels.</summary>
    /// <exception cref="HBaseException">It could not be read.</exception>
    public async ValueTask<bool> ExistsAsync(Get get, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(get);
        var call = _pools.Gets.Rent();
        var scope = _metrics.Begin("Exists", Name);
        try
        {
            call.Set(get, existenceOnly: true);
            await _caller.RunAsync(call, Name, _map, get, isWrite: false, cancellationToken).ConfigureAwait(false);
            scope.End();
            return call.Exists;
        }
        catch (Exception e)
        {
            scope.End(e);
            throw;
        }
        finally
        {
            call.Set(null, false);
            _pools.Gets.Return(call);
        }
    }

    /// <summary>Writes columns of a row.</summary>
    /// <exception cref="HBaseException">It was not written, or (<see cref="HBaseFailure.OutcomeUnknown"/>) nobody knows.</exception>
    public ValueTask PutAsync(Put put, CancellationToken cancellationToken = default) => WriteAsync(put, cancellationToken);

    /// <summary>Deletes from a row.</summary>
    /// <exception cref="HBaseException">It was not done, or (<see cref="HBaseFailure.OutcomeUnknown"/>) nobody knows.</exception>
    public ValueTask DeleteAsync(Delete delete, CancellationToken cancellationToken = default) => WriteAsync(delete, cancellationToken);

    /// <summary>Adds to the numbers of a row; returns their new values.</summary>
    /// <exception cref="HBaseException">It was not done, or (<see cref="HBaseFailure.OutcomeUnknown"/>) nobody knows.</exception>
    public async ValueTask<HBaseRow> IncrementAsync(Increment increment, CancellationToken cancellationToken = default) =>
        (await MutateAsync(increment, null, increment, cancellationToken).ConfigureAwait(false)).Row;

    /// <summary>Appends to the values of a row; returns the new values.</summary>
    /// <exception cref="HBaseException">It was not done, or (<see cref="HBaseFailure.OutcomeUnknown"/>) nobody knows.</exception>
    public async ValueTask<HBaseRow> AppendAsync(Append append, CancellationToken cancellationToken = default) =>
        (await MutateAsync(append, null, append, cancellationToken).ConfigureAwait(false)).Row;

    /// <summary>Mutates a row if a condition holds; false: it did not, and nothing was changed.</summary>
    /// <exception cref="HBaseException">
    /// It was not done; or <see cref="HBaseFailure.OutcomeUnknown"/>: an attempt was not answered, and a later one found that the condition does not hold, which can be the first one's own doing.
    /// Read the row to find out.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> CheckAndMutateAsync(CheckAndMutate check, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        Complete(check);
        if (check.Mutation is null) return (await OneAsync(check, cancellationToken).ConfigureAwait(false)).Processed;

        var (_, processed, ambiguous) = await MutateAsync(check.Mutation, check, check, cancellationToken).ConfigureAwait(false);
        return processed || !ambiguous ? processed : throw LostCondition(check);
    }

    /// <summary>Mutates a row several times, all or nothing.</summary>
    /// <exception cref="HBaseException">It was not done, or (<see cref="HBaseFailure.OutcomeUnknown"/>) nobody knows.</exception>
    public async ValueTask MutateRowAsync(RowMutations mutations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mutations);
        Complete(mutations);
        await OneAsync(mutations, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does many operations, in as few calls as there are servers, each on its own: one may fail and its neighbour not. No order among them is kept.</summary>
    /// <param name="operations">Any mix. An operation on a row that another one in the batch changes may be done before or after it.</param>
    /// <param name="cancellationToken">Ends the waiting; what was not answered may have been done.</param>
    /// <returns>An outcome for each, in the same order. Failures of single operations are in their outcomes, not thrown.</returns>
    public async ValueTask<BatchOutcome[]> BatchAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        foreach (var operation in operations) Complete(operation);
        if (operations.Count == 0) return [];

        var scope = _metrics.Begin("Batch", Name);
        try
        {
            var outcomes = await new Batch(Name, _map, _caller, _pools.NonceGroup, operations).RunAsync(cancellationToken).ConfigureAwait(false);
            scope.End();
            return outcomes;
        }
        catch (Exception e)
        {
            scope.End(e);
            throw;
        }
    }

    /// <summary>Reads rows in order of their keys. Rows written meanwhile may or may not be seen; each row is whole, and none comes twice.</summary>
    /// <exception cref="HBaseException">It could not be read on.</exception>
    public async IAsyncEnumerable<HBaseRow> ScanAsync(Scan scan, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scan);
        var scanner = new Scanner(Name, _map, _caller, scan);
        await using (scanner.ConfigureAwait(false))
        {
            while (await scanner.NextAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                foreach (var row in chunk) yield return row;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAsync(Mutation mutation, CancellationToken cancellationToken) => await MutateAsync(mutation, null, mutation, cancellationToken).ConfigureAwait(false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(HBaseRow Row, bool Processed, bool Ambiguous)> MutateAsync(Mutation mutation, CheckAndMutate? check, RowOperation operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mutation);
        Complete(mutation);
        var call = _pools.Mutates.Rent();
        var scope = _metrics.Begin(operation.Verb, Name);
        try
        {
            call.Set(mutation, check, Nonce.For(mutation, _pools.NonceGroup));
            await _caller.RunAsync(call, Name, _map, operation, isWrite: true, cancellationToken).ConfigureAwait(false);
            scope.End();
            return (call.Row, call.Processed, call.Ambiguous);
        }
        catch (Exception e)
        {
            scope.End(e);
            throw;
        }
        finally
        {
            call.Set(null, null, default);
            _pools.Mutates.Return(call);
        }
    }

    private async ValueTask<BatchOutcome> OneAsync(RowOperation operation, CancellationToken cancellationToken)
    {
        var scope = _metrics.Begin(operation.Verb, Name);
        try
        {
            var outcomes = await new Batch(Name, _map, _caller, _pools.NonceGroup, [operation]).RunAsync(cancellationToken).ConfigureAwait(false);
            if (outcomes[0].Error is { } error) throw error;

            scope.End();
            return outcomes[0];
        }
        catch (Exception e)
        {
            scope.End(e);
            throw;
        }
    }

    private HBaseException LostCondition(CheckAndMutate check) => FailureReport.Create(
        check.Verb, Name, check.Row.Span, null, 2, new RpcException(RpcFaultKind.ConnectionLost, "an attempt was not answered, and the next found that the condition does not hold"), ambiguous: true);

    // What a server would refuse with a message that helps nobody.
    private static void Complete(RowOperation operation)
    {
        switch (operation)
        {
            case Mutation { Count: 0, Kind: not MutationKind.Delete }: throw new ArgumentException($"{operation.Verb} of row '{HBaseBytes.ToDisplay(operation.Row.Span)}' has no column.");
            case RowMutations { Mutations.Count: 0 }: throw new ArgumentException($"The mutations of row '{HBaseBytes.ToDisplay(operation.Row.Span)}' are none.");
            case RowMutations mutations: foreach (var mutation in mutations.Mutations) Complete(mutation); break;
            case CheckAndMutate { Mutation: null, Mutations: null }: throw new ArgumentException("CheckAndMutate has nothing to do: call Then.");
            case CheckAndMutate { Mutation: { } mutation }: Complete(mutation); break;
            case CheckAndMutate { Mutations: { } mutations }: Complete(mutations); break;
            case null: throw new ArgumentNullException(nameof(operation));
        }
    }
}
