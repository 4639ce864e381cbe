using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Grains.Streams.Storage;
using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>Rows of closed windows in an HBase table. Whatever order they arrive in, the highest version is the one that is read: it has the highest timestamp.</summary>
/// <remarks>
/// One row a window, family <c>c</c>, column <c>d</c>: version (8 bytes big-endian), then the payload. The cell's timestamp is the window's start in ms plus the version: among the cells of a row it grows
/// with the version, and it stays near real time, by which HBase lets rows expire. See <see cref="HBaseStorageOptions.HistoryTimeToLive"/>.
/// </remarks>
public sealed class HBaseHistory : IHistoryRows
{
    private const string Kind = "history";
    private static readonly byte[] Family = "c"u8.ToArray();
    private static readonly byte[] Column = "d"u8.ToArray();

    private readonly HBaseDatabase _database;
    private readonly TableLayout _layout;
    private readonly int _buckets;

    /// <summary>Takes the table <c>namespace:name_history</c>; it is made with the first call if absent.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="name">Letters, digits, <c>_</c>, <c>-</c> and <c>.</c></param>
    public HBaseHistory(HBaseDatabase database, string name)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        _buckets = database.Options.HistoryBuckets;
        _layout = database.Announce(new TableLayout(
            database.Name(name, Kind), "c", TableLayout.BucketSplits(_buckets), database.Options.Compression, database.Options.HistoryTimeToLive));
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken)
    {
        if (rows.IsEmpty) return;

        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        var puts = new RowOperation[rows.Length];
        for (var i = 0; i < puts.Length; i++)
        {
            var row = rows.Span[i];
            var value = new byte[sizeof(long) + row.Payload.Length];
            BinaryPrimitives.WriteInt64BigEndian(value, row.Version);
            row.Payload.Span.CopyTo(value.AsSpan(sizeof(long)));
            puts[i] = new Put(RowKey.History(row.Key, row.Window, _buckets)).Add(Family, Column, value, Stamp(row.Window, row.Version));
        }

        foreach (var outcome in await table.BatchAsync(puts, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Error is { } error) throw HBaseFailures.Wrap("History rows could not be written", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken)
    {
        if (reads.IsEmpty) return;

        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        var gets = new RowOperation[reads.Length];
        for (var i = 0; i < gets.Length; i++) gets[i] = new Get(RowKey.History(reads.Span[i].Key, reads.Span[i].Window, _buckets)).Column(Family, Column);
        var outcomes = await table.BatchAsync(gets, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Error is { } error) throw HBaseFailures.Wrap($"History of '{reads.Span[i].Key}' could not be read", error);

            reads.Span[i].Payload = outcomes[i].Row.IsEmpty ? default : Decode(reads.Span[i].Key, reads.Span[i].Window, outcomes[i].Row).Payload;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (from >= to) yield break;

        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        var scan = new Scan { StartRow = RowKey.History(key, from, _buckets), StopRow = RowKey.History(key, to, _buckets) }.Column(Family, Column);
        await foreach (var row in table.ScanAsync(scan, cancellationToken).Wrapped($"History of '{key}' could not be read", cancellationToken).ConfigureAwait(false))
        {
            if (RowKey.TryReadHistory(row.Key.Span, out _, out var window)) yield return Decode(key, window, row);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        var scan = new Scan { CacheBlocks = false }.Column(Family, Column);
        await foreach (var row in table.ScanAsync(scan, cancellationToken).Wrapped($"History of '{_layout.Name}' could not be read", cancellationToken).ConfigureAwait(false))
        {
            if (RowKey.TryReadHistory(row.Key.Span, out var key, out var window) && window >= from && window < to) yield return Decode(key, window, row);
        }
    }

    internal long Stamp(long window, long version)
    {
        var start = (_database.Options.WindowOrigin.ToUnixTimeMilliseconds() + (Int128)window * (long)_database.Options.WindowLength.TotalMilliseconds);

        // Before 1970 a stamp cannot be; far ahead it must leave room for versions.
        return (long)Int128.Clamp(start, 0, long.MaxValue / 2) + version;
    }

    private HistoryRow Decode(string key, long window, HBaseRow row)
    {
        if (!row.TryGetValue(Family, Column, out var value) || value.Length < sizeof(long))
        {
            throw new SnapshotStorageException($"History of '{key}', window {window}, in HBase table '{_layout.Name}' is damaged: it is too short. Restore the row from a backup, or delete it.", isTransient: false);
        }

        return new HistoryRow(key, window, BinaryPrimitives.ReadInt64BigEndian(value.Span), value[sizeof(long)..].ToArray());
    }
}
