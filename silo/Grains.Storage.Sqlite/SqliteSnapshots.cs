using System.Buffers;
using System.Runtime.CompilerServices;
using Grains.Streams.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>Snapshot rows in the tables of one name of a <see cref="SqliteDatabase"/>.</summary>
/// <remarks>A batch is one transaction, in the order of the rows' numbers. The tag of a row is its number.</remarks>
public sealed class SqliteSnapshots : IBatchedSnapshots
{
    private const int ScanRows = 1_000;

    private readonly SqliteDatabase _database;
    private readonly KeyTable _keys;
    private readonly string _read;
    private readonly string _insert;
    private readonly string _update;
    private readonly string _scan;

    /// <summary>Takes the tables of <paramref name="name"/>, and makes them if there are none.</summary>
    /// <param name="database">The file.</param>
    /// <param name="name">1 to 40 of a-z, 0-9 and _. Several names live side by side.</param>
    /// <exception cref="SnapshotStorageException">The tables could not be made.</exception>
    public SqliteSnapshots(SqliteDatabase database, string name)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(name);
        _database = database;
        _keys = database.Tables(name, $"create table if not exists snapshot_{name}(id integer primary key, version integer not null, writer integer not null, payload blob not null)");
        _read = $"select k.id, s.version, s.writer, s.payload from key_{name} k left join snapshot_{name} s on s.id = k.id where k.key = ?1";
        _insert = $"insert into snapshot_{name}(id, version, writer, payload) values (?1, 1, ?2, ?3) on conflict do nothing";
        _update = $"update snapshot_{name} set version = ?2 + 1, writer = ?3, payload = ?4 where id = ?1 and version = ?2";
        _scan = $"select s.id, k.key, s.version, s.writer, s.payload from snapshot_{name} s join key_{name} k on k.id = s.id where s.id > ?1 order by s.id limit {ScanRows}";
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken)
    {
        foreach (ref readonly var read in reads.Span) KeyTable.Validate(read.Key);
        await _database.ReadAsync(session => Read(session, reads.Span, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (writes.IsEmpty) return;

        foreach (ref readonly var write in writes.Span) KeyTable.Validate(write.Key);
        var ids = ArrayPool<long>.Shared.Rent(writes.Length);
        var order = ArrayPool<int>.Shared.Rent(writes.Length);
        var fault = await _database.WriteAsync(session => Write(session, writes.Span, ids.AsSpan(0, writes.Length), order.AsSpan(0, writes.Length))).ConfigureAwait(false);
        Settle(writes.Span, ids, order, fault);
        ArrayPool<long>.Shared.Return(ids);
        ArrayPool<int>.Shared.Return(order);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SnapshotRow> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In pieces: one long read would keep the write-ahead log from being reused.
        var last = 0L;
        while (true)
        {
            var (rows, next) = await _database.ReadAsync(session => Scan(session, last), cancellationToken).ConfigureAwait(false);
            foreach (var row in rows) yield return row;

            if (rows.Count < ScanRows) yield break;
            last = next;
        }
    }

    private static void Settle(Span<SnapshotWrite> writes, long[] ids, int[] order, CommitFault? fault)
    {
        if (fault is not null)
        {
            foreach (ref var write in writes) write.Outcome = fault.IsRolledBack ? WriteOutcome.NotWritten : WriteOutcome.Unknown;
            return;
        }

        for (var i = 0; i < writes.Length; i++)
        {
            ref var write = ref writes[order[i]];
            if (ids[i] != 0 && write.Tag is not long) write.Tag = ids[i];
        }
    }

    private int Read(Session session, Span<SnapshotRead> reads, CancellationToken cancellationToken)
    {
        var statement = session.Prepared(_read);
        for (var i = 0; i < reads.Length; i++)
        {
            if ((i & 1023) == 0) cancellationToken.ThrowIfCancellationRequested();

            ref var read = ref reads[i];
            (read.Version, read.Writer, read.Payload, read.Tag) = (0, 0, default, null);
            statement.Bind(1, read.Key);
            if (statement.Step())
            {
                read.Tag = statement.Integer(0);
                if (!statement.IsNull(1)) (read.Version, read.Writer, read.Payload) = (statement.Integer(1), statement.Integer(2), statement.Blob(3));
            }

            statement.Reset();
        }

        return reads.Length;
    }

    private void Write(Session session, Span<SnapshotWrite> writes, Span<long> ids, Span<int> order)
    {
        for (var i = 0; i < writes.Length; i++)
        {
            ref readonly var write = ref writes[i];
            order[i] = i;
            ids[i] = write.Tag is long id ? id : write.ExpectedVersion == 0 ? _keys.FindOrAdd(session, write.Key) : _keys.Find(session, write.Key);
        }

        ids.Sort(order);
        var (insert, update) = (session.Prepared(_insert), session.Prepared(_update));
        for (var i = 0; i < writes.Length; i++)
        {
            ref var write = ref writes[order[i]];
            write.Outcome = (write.ExpectedVersion == 0 ? Insert(insert, ids[i], write) : Update(update, ids[i], write)) == 1 ? WriteOutcome.Won : WriteOutcome.Lost;
        }
    }

    private static int Insert(Statement statement, long id, in SnapshotWrite write)
    {
        statement.Bind(1, id);
        statement.Bind(2, write.Writer);
        statement.Bind(3, write.Payload.Span);
        return statement.Run();
    }

    private static int Update(Statement statement, long id, in SnapshotWrite write)
    {
        statement.Bind(1, id);
        statement.Bind(2, write.ExpectedVersion);
        statement.Bind(3, write.Writer);
        statement.Bind(4, write.Payload.Span);
        return statement.Run();
    }

    private (List<SnapshotRow> Rows, long Last) Scan(Session session, long last)
    {
        var rows = new List<SnapshotRow>(ScanRows);
        var statement = session.Prepared(_scan);
        statement.Bind(1, last);
        while (statement.Step())
        {
            last = statement.Integer(0);
            rows.Add(new SnapshotRow(statement.Text(1), statement.Integer(2), statement.Integer(3), statement.Blob(4)));
        }

        statement.Reset();
        return (rows, last);
    }
}
