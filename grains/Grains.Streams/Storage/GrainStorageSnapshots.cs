using Orleans.Storage;

namespace Grains.Streams.Storage;

/// <summary>Snapshot rows in any Orleans grain storage, one call a row: for a storage that has nothing better.</summary>
/// <remarks>
/// A row is the state of a grain that need not exist: type <paramref name="name"/>, key the row's key, state name <c>snapshot</c>. The storage's ETag guards the version, and is the tag.
/// Orleans' storages cannot list what they hold, so neither can this: <see cref="ScanAsync"/> throws.
/// </remarks>
/// <param name="storage">The storage; its writes must be conditional on the ETag, as those of Orleans' own are.</param>
/// <param name="name">Names the rows: a grain type that no grain has.</param>
/// <param name="maxConcurrentCalls">Calls under way at a time, per batch. Few make large batches slow, many may be more than the storage takes.</param>
/// <param name="isNotWritten">Says of what a write threw whether it means that nothing was and will be written. Null, and where it says no: only reading the row back can tell.</param>
public sealed class GrainStorageSnapshots(IGrainStorage storage, string name, int maxConcurrentCalls = 32, Func<Exception, bool>? isNotWritten = null) : IBatchedSnapshots
{
    private const string StateName = "snapshot";

    private readonly GrainType _type = GrainType.Create(name);

    /// <inheritdoc/>
    public async ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken) =>
        await Parallel.ForAsync(0, reads.Length, Parallelism(cancellationToken), async (i, _) =>
        {
            var key = reads.Span[i].Key;
            StoredSnapshot row;
            string? etag;
            try
            {
                (row, etag) = await RowAsync(key).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                throw new SnapshotStorageException($"Read of snapshot '{key}' from grain storage '{name}' failed: {error.Message} The call can be repeated.", isTransient: true, error);
            }

            ref var read = ref reads.Span[i];
            (read.Version, read.Writer, read.Payload, read.Tag) = (row.Version, row.Writer, row.Payload, etag);
        }).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken) =>
        await Parallel.ForAsync(0, writes.Length, Parallelism(cancellationToken), async (i, _) =>
        {
            var write = writes.Span[i];
            var (outcome, tag) = await WriteAsync(write).ConfigureAwait(false);
            writes.Span[i].Outcome = outcome;
            writes.Span[i].Tag = tag;
        }).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public IAsyncEnumerable<SnapshotRow> ScanAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException($"Snapshots in grain storage '{name}' cannot be listed: Orleans' grain storages read by key only. Use a storage that can, such as SQLite or HBase, where all rows are needed.");

    private async Task<(WriteOutcome Outcome, object? Tag)> WriteAsync(SnapshotWrite write)
    {
        var etag = write.Tag as string;
        if (etag is null && write.ExpectedVersion > 0)
        {
            // The caller has no ETag: take the row's, provided that it is the version expected.
            try
            {
                (var row, etag) = await RowAsync(write.Key).ConfigureAwait(false);
                if (row.Version != write.ExpectedVersion) return (WriteOutcome.Lost, null);
            }
            catch (Exception)
            {
                return (WriteOutcome.NotWritten, write.Tag);
            }
        }

        var state = new StoredSnapshot { Version = write.ExpectedVersion + 1, Writer = write.Writer, Payload = write.Payload.ToArray() };
        var grainState = new GrainState<StoredSnapshot>(state, etag) { RecordExists = write.ExpectedVersion > 0 };
        try
        {
            await storage.WriteStateAsync(StateName, RowId(write.Key), grainState).ConfigureAwait(false);
            return (WriteOutcome.Won, grainState.ETag);
        }
        catch (Exception error) when (isNotWritten?.Invoke(error) == true)
        {
            return (WriteOutcome.NotWritten, write.Tag);
        }
        catch (Exception error)
        {
            return await SettleAsync(write, isRefused: error is InconsistentStateException).ConfigureAwait(false);
        }
    }

    /// <summary>Finds out by reading back what became of a write that failed.</summary>
    /// <remarks>A row of exactly the next version says who won. A later one may stand on ours. The expected one still: a refused write has lost, but one that broke off may yet arrive.</remarks>
    private async Task<(WriteOutcome Outcome, object? Tag)> SettleAsync(SnapshotWrite write, bool isRefused)
    {
        try
        {
            var (row, etag) = await RowAsync(write.Key).ConfigureAwait(false);
            var ahead = row.Version - write.ExpectedVersion;
            if (ahead == 1) return row.Writer == write.Writer ? (WriteOutcome.Won, etag) : (WriteOutcome.Lost, null);
            return (ahead > 1 || !isRefused ? WriteOutcome.Unknown : WriteOutcome.Lost, null);
        }
        catch (Exception)
        {
            return (WriteOutcome.Unknown, null);
        }
    }

    private async Task<(StoredSnapshot Row, string? ETag)> RowAsync(string key)
    {
        var row = new GrainState<StoredSnapshot>(new StoredSnapshot());
        await storage.ReadStateAsync(StateName, RowId(key), row).ConfigureAwait(false);
        return (row.RecordExists && row.State is not null ? row.State : new StoredSnapshot(), row.ETag);
    }

    private GrainId RowId(string key) => GrainId.Create(_type, IdSpan.Create(key));

    private ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = maxConcurrentCalls, CancellationToken = cancellationToken };
}
