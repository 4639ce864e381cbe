using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Grains.Streams.Storage;
using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>Snapshot rows in an HBase table, written by compare-and-set on the version, hundreds in one call to each region server.</summary>
/// <remarks>
/// One row a key, family <c>s</c>: <c>v</c> version (8 bytes big-endian), <c>w</c> writer and XxHash3 of the payload (8 bytes big-endian each), <c>d</c> payload. A payload larger than a cell may be goes on in
/// <c>d1</c>, <c>d2</c>…, and <c>w</c> then ends with the number of cells (4 bytes big-endian). All in one mutation, under the condition that <c>v</c> is the expected one, or absent. Versions only grow, so a write that was delayed on its way and comes after a later one can no longer win.
/// Timestamps are the server's: it never lets a conditional write be older than what it replaces.
/// </remarks>
public sealed class HBaseSnapshots : IBatchedSnapshots
{
    private const string Kind = "snapshots";
    private const int WriterBytes = 2 * sizeof(long);
    private static readonly byte[] Family = "s"u8.ToArray();
    private static readonly byte[] VersionColumn = "v"u8.ToArray();
    private static readonly byte[] WriterColumn = "w"u8.ToArray();
    private static readonly byte[] PayloadColumn = "d"u8.ToArray();

    private readonly HBaseDatabase _database;
    private readonly TableLayout _layout;

    /// <summary>Takes the table <c>namespace:name_snapshots</c>; it is made with the first call if absent.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="name">Letters, digits, <c>_</c>, <c>-</c> and <c>.</c></param>
    public HBaseSnapshots(HBaseDatabase database, string name)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        var options = database.Options;
        _layout = database.Announce(new TableLayout(database.Name(name, Kind), "s", TableLayout.EvenSplits(options.Regions), options.Compression, null));
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken)
    {
        if (reads.IsEmpty) return;

        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        var gets = new RowOperation[reads.Length];
        for (var i = 0; i < gets.Length; i++) gets[i] = new Get(RowKey.Spread(reads.Span[i].Key)).Family(Family);
        var outcomes = await table.BatchAsync(gets, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Error is { } error) throw HBaseFailures.Wrap($"Snapshot '{reads.Span[i].Key}' could not be read", error);

            ref var read = ref reads.Span[i];
            var row = Decode(read.Key, outcomes[i].Row);
            (read.Version, read.Writer, read.Payload) = (row.Version, row.Writer, row.Payload);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.IsEmpty) return;

        HBaseTable table;
        try
        {
            table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        }
        catch (SnapshotStorageException e)
        {
            foreach (ref var write in writes.Span) (write.Outcome, write.Refusal) = (WriteOutcome.NotWritten, e.IsTransient ? null : e.Message);
            return;
        }

        var checks = new RowOperation[writes.Length];
        for (var i = 0; i < checks.Length; i++) checks[i] = Check(writes.Span[i], _database.Options.MaxCellBytes);
        var outcomes = await table.BatchAsync(checks, cancellationToken).ConfigureAwait(false);
        List<int>? unknown = null;
        for (var i = 0; i < outcomes.Length; i++)
        {
            writes.Span[i].Outcome = outcomes[i] switch
            {
                { Error: null, Processed: true } => WriteOutcome.Won,
                { Error: null } => WriteOutcome.Lost,
                { Error.Failure: HBaseFailure.OutcomeUnknown } => WriteOutcome.Unknown,
                _ => WriteOutcome.NotWritten,
            };
            writes.Span[i].Refusal = outcomes[i].Error is { IsTransient: false, Failure: not HBaseFailure.OutcomeUnknown } refused ? $"Snapshot '{writes.Span[i].Key}' could not be written: {refused.Message}" : null;
            if (writes.Span[i].Outcome == WriteOutcome.Unknown) (unknown ??= []).Add(i);
        }

        if (unknown is not null) await SettleAsync(table, writes, unknown, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SnapshotRow> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await _database.ReadyAsync(_layout, cancellationToken).ConfigureAwait(false);
        await foreach (var row in table.ScanAsync(new Scan { CacheBlocks = false }.Family(Family), cancellationToken).Wrapped($"Snapshots of '{_layout.Name}' could not be read", cancellationToken).ConfigureAwait(false))
        {
            yield return Decode(RowKey.Key(row.Key.Span), row);
        }
    }

    // An answer was lost. The row tells, unless it still has the expected version: then the write may yet come.
    private static async Task SettleAsync(HBaseTable table, Memory<SnapshotWrite> writes, List<int> unknown, CancellationToken cancellationToken)
    {
        var gets = unknown.ConvertAll(RowOperation (index) => new Get(RowKey.Spread(writes.Span[index].Key)).Column(Family, VersionColumn).Column(Family, WriterColumn));
        var outcomes = await table.BatchAsync(gets, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < unknown.Count; i++)
        {
            if (outcomes[i].Error is not null || !TryDecodeHead(outcomes[i].Row, out var version, out var writer, out _, out _)) continue;

            // Of a version behind ours it cannot be said whether ours was there before it.
            ref var write = ref writes.Span[unknown[i]];
            if (version == write.ExpectedVersion + 1) write.Outcome = writer == write.Writer ? WriteOutcome.Won : WriteOutcome.Lost;
        }
    }

    private static CheckAndMutate Check(in SnapshotWrite write, int maxCellBytes)
    {
        var row = RowKey.Spread(write.Key);
        var cells = Math.Max(1, (int)(((long)write.Payload.Length + maxCellBytes - 1) / maxCellBytes));
        var writer = new byte[cells == 1 ? WriterBytes : WriterBytes + sizeof(int)];
        if (cells > 1) BinaryPrimitives.WriteInt32BigEndian(writer.AsSpan(WriterBytes), cells);
        BinaryPrimitives.WriteInt64BigEndian(writer, write.Writer);
        BinaryPrimitives.WriteUInt64BigEndian(writer.AsSpan(sizeof(long)), XxHash3.HashToUInt64(write.Payload.Span));
        var put = new Put(row, 2 + cells).Add(Family, VersionColumn, HBaseBytes.Int64(write.ExpectedVersion + 1)).Add(Family, WriterColumn, writer);
        for (var cell = 0; cell < cells; cell++)
        {
            var start = cell * maxCellBytes;
            put.Add(Family, PayloadColumnOf(cell), write.Payload[start..Math.Min(write.Payload.Length, start + maxCellBytes)]);
        }

        return write.ExpectedVersion == 0
            ? CheckAndMutate.IfAbsent(row, Family, VersionColumn).Then(put)
            : CheckAndMutate.IfEquals(row, Family, VersionColumn, HBaseBytes.Int64(write.ExpectedVersion)).Then(put);
    }

    private SnapshotRow Decode(string key, HBaseRow row)
    {
        if (row.IsEmpty) return new SnapshotRow(key, 0, 0, default);

        if (TryDecodeHead(row, out var version, out var writer, out var hash, out var cells) && TryDecodePayload(row, cells, out var payload) && XxHash3.HashToUInt64(payload) == hash)
        {
            return new SnapshotRow(key, version, writer, payload);
        }

        throw new SnapshotStorageException($"Snapshot '{key}' in HBase table '{_layout.Name}' is damaged: its payload and its hash do not match. Restore the row from a backup, or delete it.", isTransient: false);
    }

    private static byte[] PayloadColumnOf(int cell) => cell == 0 ? PayloadColumn : HBaseBytes.Utf8($"d{cell}");

    private static bool TryDecodePayload(HBaseRow row, int cells, out byte[] payload)
    {
        payload = [];
        if (cells < 1 || cells > row.Count) return false;

        var parts = new ReadOnlyMemory<byte>[cells];
        for (var cell = 0; cell < cells; cell++)
        {
            if (!row.TryGetValue(Family, PayloadColumnOf(cell), out parts[cell])) return false;
        }

        payload = new byte[parts.Sum(static part => part.Length)];
        var position = 0;
        foreach (var part in parts)
        {
            part.CopyTo(payload.AsMemory(position));
            position += part.Length;
        }

        return true;
    }

    private static bool TryDecodeHead(HBaseRow row, out long version, out long writer, out ulong hash, out int cells)
    {
        (version, writer, hash, cells) = (0, 0, 0, 1);
        if (!row.TryGetValue(Family, VersionColumn, out var versionBytes) || versionBytes.Length != sizeof(long)) return false;
        if (!row.TryGetValue(Family, WriterColumn, out var writerBytes) || writerBytes.Length is not (WriterBytes or WriterBytes + sizeof(int))) return false;

        version = BinaryPrimitives.ReadInt64BigEndian(versionBytes.Span);
        writer = BinaryPrimitives.ReadInt64BigEndian(writerBytes.Span);
        hash = BinaryPrimitives.ReadUInt64BigEndian(writerBytes.Span[sizeof(long)..]);
        if (writerBytes.Length > WriterBytes) cells = BinaryPrimitives.ReadInt32BigEndian(writerBytes.Span[WriterBytes..]);
        return true;
    }
}
