using System.Runtime.CompilerServices;
using Grains.Streams.Storage;
using Orleans.Storage;

namespace Grains.Storage.Postgres;

/// <summary>Rows of closed windows of one name in a <see cref="PostgresDatabase"/>. Whatever order they arrive in, the highest version is the one that stays.</summary>
/// <remarks>
/// A row is the state <c>NAME/history</c> of (key, window); the version is in the state, as that of a snapshot. Most windows are written once, so an insert is tried first; where there is a row, it is read, and
/// replaced on the condition of its ETag if it is not of a later version.
/// </remarks>
public sealed class PostgresHistory : IHistoryRows
{
    /// <summary>Each lost try means that another write of the same row has won, and rows only gain versions: more than a few of them are no race.</summary>
    private const int MostTries = 20;

    private readonly PostgresDatabase _database;
    private readonly string _type;

    /// <summary>Takes the rows of <paramref name="name"/>. Several names live side by side.</summary>
    /// <param name="database">The database.</param>
    /// <param name="name">The name.</param>
    public PostgresHistory(PostgresDatabase database, string name)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrEmpty(name);
        _database = database;
        _type = PostgresGrainStorage.RowType(name, "history");
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken)
    {
        foreach (ref readonly var row in rows.Span) RowKey.Validate(row.Key);
        await ForEachAsync("Writing history to", rows.Length, i => WriteAsync(rows.Span[i]), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken)
    {
        foreach (ref readonly var read in reads.Span) RowKey.Validate(read.Key);
        await ForEachAsync("Reading history from", reads.Length, async i =>
        {
            var state = new GrainState<StoredSnapshot>(new StoredSnapshot());
            await _database.Rows.ReadAsync(_type, reads.Span[i].Key, reads.Span[i].Window, state).ConfigureAwait(false);
            reads.Span[i].Payload = state is { RecordExists: true, State: { } stored } ? stored.Payload : default;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RowKey.Validate(key);
        await foreach (var row in RowListing.OfKeyAsync(_database, _type, key, from, to, cancellationToken).ConfigureAwait(false)) yield return Decode(row);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in RowListing.AllAsync(_database, _type, from, to, cancellationToken).ConfigureAwait(false)) yield return Decode(row);
    }

    private static HistoryRow Decode(ListedRow row) => new(row.Key, row.Number, row.State.Version, row.State.Payload);

    private async Task WriteAsync(HistoryRow row)
    {
        var written = new StoredSnapshot { Version = row.Version, Payload = row.Payload.ToArray() };
        string? etag = null;
        for (var tries = 0; tries < MostTries; tries++)
        {
            try
            {
                await _database.Rows.WriteAsync(_type, row.Key, row.Window, new GrainState<StoredSnapshot>(written, etag)).ConfigureAwait(false);
                return;
            }
            catch (InconsistentStateException)
            {
                var stored = new GrainState<StoredSnapshot>(new StoredSnapshot());
                await _database.Rows.ReadAsync(_type, row.Key, row.Window, stored).ConfigureAwait(false);
                if (stored is { RecordExists: true, State: { } present } && present.Version > row.Version) return;
                etag = stored.ETag;
            }
        }

        throw new SnapshotStorageException($"History of '{row.Key}', window {row.Window}, could not be written in {MostTries} tries: others write it all the time. The call can be repeated.", isTransient: true);
    }

    private async Task ForEachAsync(string what, int count, Func<int, Task> call, CancellationToken cancellationToken)
    {
        var parallelism = new ParallelOptions { MaxDegreeOfParallelism = _database.Options.MaxConcurrentCalls, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(0, count, parallelism, async (i, _) => await call(i).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception error) when (PostgresFailure.IsOurs(error))
        {
            throw PostgresFailure.Describe(what, _database.Settings, error);
        }
    }
}
