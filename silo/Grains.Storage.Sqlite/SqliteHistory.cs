using System.Buffers;
using System.Runtime.CompilerServices;
using Grains.Streams.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>Rows of closed windows in the tables of one name of a <see cref="SqliteDatabase"/>.</summary>
/// <remarks>
/// A row's place is (number of the window, number of the key): a window that closes for many keys at once appends its rows, instead of changing a page for each key. One key's rows are then one
/// look-up each: about a microsecond and a half while the pages are in memory.
/// </remarks>
public sealed class SqliteHistory : IHistoryRows
{
    private const int ScanRows = 1_000;

    private readonly SqliteDatabase _database;
    private readonly KeyTable _keys;
    private readonly string _findWindow;
    private readonly string _addWindow;
    private readonly string _write;
    private readonly string _read;
    private readonly string _scan;
    private readonly string _windows;
    private readonly string _scanWindow;

    /// <summary>Takes the tables of <paramref name="name"/>, and makes them if there are none.</summary>
    /// <param name="database">The file.</param>
    /// <param name="name">1 to 40 of a-z, 0-9 and _. Snapshots of the same name number their keys together with it.</param>
    /// <exception cref="SnapshotStorageException">The tables could not be made.</exception>
    public SqliteHistory(SqliteDatabase database, string name)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(name);
        _database = database;
        _keys = database.Tables(
            name,
            $"create table if not exists window_{name}(ordinal integer primary key, window integer not null unique)",
            $"create table if not exists history_{name}(id integer primary key, version integer not null, payload blob not null)");
        _findWindow = $"select ordinal from window_{name} where window = ?1";
        _addWindow = $"insert into window_{name}(window) values (?1)";
        _write = $"insert into history_{name} as h(id, version, payload) values (?1, ?2, ?3) on conflict(id) do update set version = excluded.version, payload = excluded.payload where excluded.version >= h.version";
        _read = $"select h.payload from key_{name} k cross join window_{name} w cross join history_{name} h where k.key = ?1 and w.window = ?2 and h.id = (w.ordinal << 32 | k.id)";
        _scan = $"select w.window, h.version, h.payload from window_{name} w cross join history_{name} h where w.window >= ?2 and w.window < ?3 and h.id = (w.ordinal << 32 | ?1) order by w.window limit {ScanRows}";
        _windows = $"select window, ordinal from window_{name} where window >= ?1 and window < ?2 order by window";
        _scanWindow = $"select h.id, k.key, h.version, h.payload from history_{name} h cross join key_{name} k where h.id > ?1 and h.id < ?2 and k.id = (h.id & 4294967295) order by h.id limit {ScanRows}";
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (rows.IsEmpty) return;

        foreach (ref readonly var row in rows.Span) KeyTable.Validate(row.Key);
        var fault = await _database.WriteAsync(session => Write(session, rows.Span)).ConfigureAwait(false);
        if (fault is not null) throw fault.Cause;
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken)
    {
        foreach (ref readonly var read in reads.Span) KeyTable.Validate(read.Key);
        await _database.ReadAsync(session => Read(session, reads.Span), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        KeyTable.Validate(key);
        while (from < to)
        {
            var start = from;
            var rows = await _database.ReadAsync(session => Scan(session, key, start, to), cancellationToken).ConfigureAwait(false);
            foreach (var row in rows) yield return row;

            if (rows.Count < ScanRows) yield break;
            from = rows[^1].Window + 1;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var windows = await _database.ReadAsync(session => Windows(session, from, to), cancellationToken).ConfigureAwait(false);
        foreach (var (window, ordinal) in windows)
        {
            var last = ordinal << 32;
            while (true)
            {
                var (rows, next) = await _database.ReadAsync(session => ScanWindow(session, window, last), cancellationToken).ConfigureAwait(false);
                foreach (var row in rows) yield return row;

                if (rows.Count < ScanRows) break;
                last = next;
            }
        }
    }

    private void Write(Session session, ReadOnlySpan<HistoryRow> rows)
    {
        var ids = ArrayPool<long>.Shared.Rent(rows.Length);
        var order = ArrayPool<int>.Shared.Rent(rows.Length);
        var ordinals = new Dictionary<long, long>();
        for (var i = 0; i < rows.Length; i++)
        {
            var window = rows[i].Window;
            if (!ordinals.TryGetValue(window, out var ordinal)) ordinals[window] = ordinal = WindowOrdinal(session, window);
            ids[i] = (ordinal << 32) | _keys.FindOrAdd(session, rows[i].Key);
            order[i] = i;
        }

        ids.AsSpan(0, rows.Length).Sort(order.AsSpan(0, rows.Length));
        var statement = session.Prepared(_write);
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref rows[order[i]];
            statement.Bind(1, ids[i]);
            statement.Bind(2, row.Version);
            statement.Bind(3, row.Payload.Span);
            statement.Run();
        }

        ArrayPool<long>.Shared.Return(ids);
        ArrayPool<int>.Shared.Return(order);
    }

    private long WindowOrdinal(Session session, long window)
    {
        var find = session.Prepared(_findWindow);
        find.Bind(1, window);
        var ordinal = find.Step() ? find.Integer(0) : 0;
        find.Reset();
        if (ordinal != 0) return ordinal;

        var add = session.Prepared(_addWindow);
        add.Bind(1, window);
        add.Run();
        return session.LastInsertedRow;
    }

    private int Read(Session session, Span<HistoryRead> reads)
    {
        var statement = session.Prepared(_read);
        foreach (ref var read in reads)
        {
            statement.Bind(1, read.Key);
            statement.Bind(2, read.Window);
            read.Payload = statement.Step() ? statement.Blob(0) : default(ReadOnlyMemory<byte>);
            statement.Reset();
        }

        return reads.Length;
    }

    private List<HistoryRow> Scan(Session session, string key, long from, long to)
    {
        var rows = new List<HistoryRow>();
        var id = _keys.Find(session, key);
        if (id == 0) return rows;

        var statement = session.Prepared(_scan);
        statement.Bind(1, id);
        statement.Bind(2, from);
        statement.Bind(3, to);
        while (statement.Step()) rows.Add(new HistoryRow(key, statement.Integer(0), statement.Integer(1), statement.Blob(2)));
        statement.Reset();
        return rows;
    }

    private List<(long Window, long Ordinal)> Windows(Session session, long from, long to)
    {
        var windows = new List<(long, long)>();
        var statement = session.Prepared(_windows);
        statement.Bind(1, from);
        statement.Bind(2, to);
        while (statement.Step()) windows.Add((statement.Integer(0), statement.Integer(1)));
        statement.Reset();
        return windows;
    }

    private (List<HistoryRow> Rows, long Last) ScanWindow(Session session, long window, long last)
    {
        var rows = new List<HistoryRow>();
        var statement = session.Prepared(_scanWindow);
        statement.Bind(1, last);
        statement.Bind(2, ((last >> 32) + 1) << 32);
        while (statement.Step())
        {
            last = statement.Integer(0);
            rows.Add(new HistoryRow(statement.Text(1), window, statement.Integer(2), statement.Blob(3)));
        }

        statement.Reset();
        return (rows, last);
    }
}
