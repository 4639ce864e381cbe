using System.Runtime.CompilerServices;
using Grains.Streams.Storage;
using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>A table of counters for others to read: a row key of the caller's choice, one column, eight bytes big-endian, as <c>Increment</c> and the HBase shell's <c>get_counter</c> know it.</summary>
/// <remarks>Values are written as absolute ones, never added: writing one twice does no harm, and among the writes of a row the highest stamp wins, in whatever order they arrive.</remarks>
public sealed class HBaseCounterTable
{
    private readonly HBaseDatabase _database;
    private readonly TableLayout _layout;
    private readonly byte[] _family;
    private readonly byte[] _qualifier;

    /// <param name="database">The connection.</param>
    /// <param name="table">The table, in any namespace; it is made with the first call if absent.</param>
    /// <param name="family">The family.</param>
    /// <param name="qualifier">The qualifier.</param>
    public HBaseCounterTable(HBaseDatabase database, TableName table, string family, string qualifier)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrEmpty(family);
        ArgumentNullException.ThrowIfNull(qualifier);
        (_database, _family, _qualifier) = (database, HBaseBytes.Utf8(family), HBaseBytes.Utf8(qualifier));
        _layout = database.Announce(new TableLayout(table, family, [], database.Options.Compression, null));
    }

    /// <summary>Writes counters. When it returns, each of them or one of a higher stamp is durable.</summary>
    /// <exception cref="SnapshotStorageException">Some may not be durable; the same call can be repeated.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<CounterRow> rows, CancellationToken cancellationToken)
    {
        if (rows.IsEmpty) return;

        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        var puts = new RowOperation[rows.Length];
        for (var i = 0; i < puts.Length; i++)
        {
            var row = rows.Span[i];
            puts[i] = new Put(HBaseBytes.Utf8(row.Key)).Add(_family, _qualifier, HBaseBytes.Int64(row.Value), row.Stamp);
        }

        foreach (var outcome in await table.BatchAsync(puts, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Error is { } error) throw HBaseFailures.Wrap("Counters could not be written", error);
        }
    }

    /// <summary>The counters whose row keys begin with a prefix, by row key.</summary>
    /// <exception cref="SnapshotStorageException">They could not be read, or one is not eight bytes long.</exception>
    public async IAsyncEnumerable<CounterRow> ScanAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        var scan = Scan.Prefix(HBaseBytes.Utf8(prefix)).Column(_family, _qualifier);
        await foreach (var row in table.ScanAsync(scan, cancellationToken).Wrapped($"Counters of '{_layout.Name}' could not be read", cancellationToken).ConfigureAwait(false))
        {
            foreach (var cell in row)
            {
                if (cell.Value.Length != sizeof(long))
                {
                    throw new SnapshotStorageException($"Counter '{HBaseBytes.ToDisplay(row.Key.Span)}' of '{_layout.Name}' has {cell.Value.Length} bytes, not eight: something else writes there.", isTransient: false);
                }

                yield return new CounterRow(System.Text.Encoding.UTF8.GetString(row.Key.Span), HBaseBytes.ToInt64(cell.Value.Span), cell.Timestamp);
            }
        }
    }
}
