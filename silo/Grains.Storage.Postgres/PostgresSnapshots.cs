using System.Runtime.CompilerServices;
using Grains.Streams.Storage;

namespace Grains.Storage.Postgres;

/// <summary>Snapshot rows of one name in a <see cref="PostgresDatabase"/>: one row a key, written by compare-and-set through Orleans' grain storage, many rows at a time.</summary>
/// <remarks>
/// A row is the state <c>NAME/snapshot</c> of the key. What the server refused, or what never reached it, is <see cref="WriteOutcome.NotWritten"/>, so counting goes on in memory while it is away; only a
/// connection that broke with a write under way is settled by reading back, and is <see cref="WriteOutcome.Unknown"/> where that does not tell.
/// </remarks>
public sealed class PostgresSnapshots : IBatchedSnapshots
{
    private readonly PostgresDatabase _database;
    private readonly GrainStorageSnapshots _snapshots;
    private readonly string _type;

    /// <summary>Takes the rows of <paramref name="name"/>. Several names live side by side.</summary>
    /// <param name="database">The database.</param>
    /// <param name="name">The name.</param>
    public PostgresSnapshots(PostgresDatabase database, string name)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrEmpty(name);
        _database = database;
        _snapshots = new GrainStorageSnapshots(new PostgresGrainStorage(database), name, database.Options.MaxConcurrentCalls, PostgresFailure.IsNotWritten);
        _type = PostgresGrainStorage.RowType(name, "snapshot");
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken)
    {
        foreach (ref readonly var read in reads.Span) RowKey.Validate(read.Key);
        return _snapshots.ReadAsync(reads, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
    {
        foreach (ref readonly var write in writes.Span) RowKey.Validate(write.Key);
        await _database.Source.ProbeAsync(cancellationToken).ConfigureAwait(false);
        await _snapshots.WriteAsync(writes, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SnapshotRow> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in RowListing.AllAsync(_database, _type, 0, 1, cancellationToken).ConfigureAwait(false))
        {
            yield return new SnapshotRow(row.Key, row.State.Version, row.State.Writer, row.State.Payload);
        }
    }
}
