using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Grains.Storage.Sqlite;

/// <summary>One connection and the statements prepared on it. One thread at a time.</summary>
internal sealed class Session : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public Session(string path, int cacheKib)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        _handle = _connection.Handle!;
        raw.sqlite3_busy_timeout(_handle, 5_000);
        Execute($"pragma cache_size = -{cacheKib}");
    }

    public long LastInsertedRow => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>The statement of this text, prepared when it is first asked for.</summary>
    public Statement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements[sql] = statement = new Statement(_handle, sql);
        return statement;
    }

    public void Execute(string sql)
    {
        using var statement = new Statement(_handle, sql);
        statement.Run();
    }

    /// <summary>The first column of the first row; null where there is no row.</summary>
    public string? QueryText(string sql)
    {
        using var statement = new Statement(_handle, sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    /// <summary>The first column of the first row; 0 where there is no row.</summary>
    public long QueryInteger(string sql)
    {
        using var statement = new Statement(_handle, sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _connection.Dispose();
    }
}
