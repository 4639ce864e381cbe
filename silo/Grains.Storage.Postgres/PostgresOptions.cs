using System.Data.Common;
using Npgsql;

namespace Grains.Storage.Postgres;

/// <summary>Where an application keeps its state in PostgreSQL, and how hard it may work there.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Npgsql's connection string: at least Host, and usually Database, Username and Password. What it sets is kept; where it says nothing, statements are prepared (Max Auto Prepare 16), are given up after
    /// 10 s (Command Timeout), the session is not reset between them (No Reset On Close: nothing of ours changes it, and a reset costs the server as much as a write), and the pool is as large as
    /// <see cref="MaxConcurrentCalls"/> asks. Behind a proxy that does not know prepared statements, set Max Auto Prepare to 0. One database, or one schema of it (Search Path), holds one application.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Reads and writes of rows under way at a time, of all batches together; each has a connection and is one round trip. Default 16. Few: large batches take long, since a row waits for the answer to the
    /// one before; many: no faster once the server's processors are busy, and connections that others may need (the server's max_connections, 100 as it comes, is for all silos together).
    /// </summary>
    public int MaxConcurrentCalls { get; init; } = 16;

    /// <summary>
    /// For how long calls fail at once after a connection could not be opened. Default 1 s. Shorter: a batch of thousands of rows waits for the server once for every few of them; longer: the server's return
    /// is noticed that much later.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether tables and queries are installed where they are absent or of another version. Default true. False: somebody else runs <see cref="PostgresSchema.Script"/>, and what is absent is an error.</summary>
    public bool InstallSchema { get; init; } = true;

    /// <summary>Every fault of these options, in sentences; empty where there is none. None of them shows the connection string.</summary>
    public IEnumerable<string> Faults()
    {
        if (ConnectionFault() is { } fault) yield return $"PostgresOptions: ConnectionString {fault} (for example Host=localhost;Database=grains;Username=grains).";
        if (MaxConcurrentCalls is < 1 or > 1000) yield return $"PostgresOptions: MaxConcurrentCalls is {MaxConcurrentCalls}; it must be 1 to 1000 (default 16).";
        if (ReconnectDelay < TimeSpan.Zero || ReconnectDelay > TimeSpan.FromMinutes(1)) yield return $"PostgresOptions: ReconnectDelay is {ReconnectDelay}; it must be 0 to 1 minute (default 00:00:01).";
    }

    /// <summary>The connection string with our settings where it has none.</summary>
    /// <param name="purpose">Stands behind the application's name in <c>pg_stat_activity</c>.</param>
    /// <param name="connections">The largest number of connections.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names all faults.</exception>
    internal NpgsqlConnectionStringBuilder Connect(string purpose, int connections)
    {
        var faults = string.Join(' ', Faults());
        if (faults.Length > 0) throw new ArgumentException(faults);

        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        var given = new DbConnectionStringBuilder { ConnectionString = ConnectionString }.Keys.Cast<string>().Select(static key => key.Replace(" ", "", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!given.Contains("MaxAutoPrepare")) settings.MaxAutoPrepare = 16;
        if (!given.Contains("AutoPrepareMinUsages")) settings.AutoPrepareMinUsages = 2;
        if (!given.Contains("NoResetOnClose")) settings.NoResetOnClose = true;
        if (!given.Contains("CommandTimeout")) settings.CommandTimeout = 10;
        if (!given.Contains("ApplicationName")) settings.ApplicationName = $"grains {purpose}";
        if (!given.Contains("MaximumPoolSize") && !given.Contains("MaxPoolSize")) settings.MaxPoolSize = connections;
        return settings;
    }

    private string? ConnectionFault()
    {
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(ConnectionString).Host) ? "names no Host" : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return "cannot be read: keywords and values are NAME=VALUE with a semicolon between them, and the names are Npgsql's";
        }
    }
}
