using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Grains.Storage.Sqlite;

/// <summary>One prepared statement: bind from 1, step, read columns from 0, reset.</summary>
/// <remarks>Straight on SQLite's C interface, because a command with boxed parameters costs more than the row it writes. Runs per row; allocates nothing. One thread at a time.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public Statement(sqlite3 connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    public void Bind(int index, ReadOnlySpan<byte> blob) =>
        Check(blob.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, blob));

    public void Bind(int index, string text)
    {
        var rented = text.Length > 256 ? ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length)) : null;
        var bytes = rented ?? stackalloc byte[768];
        Check(raw.sqlite3_bind_text(_statement, index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]));
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>True where there is a row to read.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE) return false;

        var error = Failure(result);
        raw.sqlite3_reset(_statement);
        throw error;
    }

    /// <summary>Runs the statement to its end.</summary>
    /// <returns>How many rows it changed; of no meaning for one that changes none by its nature.</returns>
    public int Run()
    {
        while (Step())
        {
        }

        Reset();
        return raw.sqlite3_changes(_connection);
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) throw Failure(result);
    }

    private SqliteException Failure(int result) =>
        new(raw.sqlite3_errmsg(_connection).utf8_to_string(), result & 0xff, raw.sqlite3_extended_errcode(_connection));
}
