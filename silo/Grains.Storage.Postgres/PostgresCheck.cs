using System.Net.Sockets;
using Npgsql;

namespace Grains.Storage.Postgres;

/// <summary>Looks whether a database answers and has what silos need there, in order, and stops at the first thing that nothing works without. Changes nothing.</summary>
public static class PostgresCheck
{
    private const string Server = "postgres";
    private const string Tables = "tables";
    private const string Queries = "queries";
    private const string Install = "Start a silo with --postgres once: it makes them. Where its user may not, run the script of PostgresSchema.Script.";

    /// <summary>Examines the server, the tables, the user's rights on them, and the queries.</summary>
    /// <param name="connectionString">Npgsql's, as a silo has it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<IReadOnlyList<PostgresFinding>> RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        var options = new PostgresOptions { ConnectionString = connectionString };
        if (options.Faults().ToList() is { Count: > 0 } faults) return [.. faults.Select(static fault => Fault(Server, fault, "The settings contradict the rules.", "Correct the connection string."))];

        var settings = options.Connect("doctor", 1);
        settings.Pooling = false;
        var findings = new List<PostgresFinding>();
        try
        {
            var connection = new NpgsqlConnection(settings.ConnectionString);
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                if (await ExamineServerAsync(connection, settings, findings, cancellationToken).ConfigureAwait(false) && await ExamineTablesAsync(connection, settings, findings, cancellationToken).ConfigureAwait(false))
                {
                    await ExamineQueriesAsync(connection, findings, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (PostgresFailure.IsOurs(error))
        {
            findings.Add(Refused(settings, error));
        }

        return findings;
    }

    private static async Task<bool> ExamineServerAsync(NpgsqlConnection connection, NpgsqlConnectionStringBuilder settings, List<PostgresFinding> findings, CancellationToken cancellationToken)
    {
        var found = $"PostgreSQL {connection.PostgreSqlVersion} at {settings.Host}:{settings.Port}, database '{connection.Database}', user '{connection.UserName}'";
        if (await AskAsync<bool>(connection, "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean", cancellationToken).ConfigureAwait(false))
        {
            findings.Add(Fault(Server, $"{found}: it may only be read", "The server is a standby, or the database is set read-only.", "Name the primary in Host, or ALTER DATABASE … SET default_transaction_read_only = off."));
            return false;
        }

        findings.Add(new PostgresFinding(false, Server, found));
        return true;
    }

    private static async Task<bool> ExamineTablesAsync(NpgsqlConnection connection, NpgsqlConnectionStringBuilder settings, List<PostgresFinding> findings, CancellationToken cancellationToken)
    {
        var absent = await AskAsync<string[]>(connection, $"SELECT array(SELECT name FROM unnest({Names()}) name WHERE to_regclass(name) IS NULL)", cancellationToken).ConfigureAwait(false) ?? [];
        if (absent.Length == PostgresSchema.Tables.Count)
        {
            findings.Add(Fault(Tables, $"None of Orleans' tables is in database '{connection.Database}'", "No silo has ever used it, or the tables are in another database or schema (Search Path).", Install));
            return false;
        }

        if (absent.Length > 0)
        {
            findings.Add(Fault(Tables, $"{string.Join(", ", absent)} {(absent.Length == 1 ? "is" : "are")} missing", "Somebody dropped some, or they were made by another script.", Install));
            return false;
        }

        var closed = await AskAsync<string[]>(connection, $"SELECT array(SELECT name FROM unnest({Names()}) name WHERE NOT has_table_privilege(name, 'SELECT') OR name <> 'OrleansQuery' AND NOT (has_table_privilege(name, 'INSERT') AND has_table_privilege(name, 'UPDATE') AND has_table_privilege(name, 'DELETE')))", cancellationToken).ConfigureAwait(false) ?? [];
        if (closed.Length > 0)
        {
            findings.Add(Fault(Tables, $"User '{settings.Username}' may not read and write {string.Join(", ", closed)}", "Another user has made the tables.", $"As their owner: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{settings.Username}\"."));
            return false;
        }

        if (await AskAsync<bool>(connection, "SELECT NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('OrleansStorage') AND contype = 'p')", cancellationToken).ConfigureAwait(false))
        {
            findings.Add(Fault(Tables, "OrleansStorage has no primary key", "It was made by another script, with which two writers of one state can both win.", "Name another database, or another schema (Search Path in the connection string)."));
            return false;
        }

        findings.Add(new PostgresFinding(false, Tables, $"{string.Join(", ", PostgresSchema.Tables)} are there"));
        return true;

        static string Names() => $"ARRAY['{string.Join("', '", PostgresSchema.Tables)}']";
    }

    private static async Task ExamineQueriesAsync(NpgsqlConnection connection, List<PostgresFinding> findings, CancellationToken cancellationToken)
    {
        var keys = await AskAsync<string[]>(connection, "SELECT array(SELECT QueryKey FROM OrleansQuery)", cancellationToken).ConfigureAwait(false) ?? [];
        var version = await AskAsync<string>(connection, $"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{PostgresSchema.VersionKey}'", cancellationToken).ConfigureAwait(false);
        var absent = PostgresSchema.QueryKeys.Except(keys, StringComparer.Ordinal).ToList();
        findings.Add((absent.Count, version) switch
        {
            ( > 0, _) => Fault(Queries, $"OrleansQuery has no {string.Join(", ", absent)}", "Somebody deleted rows, or the tables are of another version.", version == PostgresSchema.Fingerprint
                ? $"DELETE FROM OrleansQuery WHERE QueryKey = '{PostgresSchema.VersionKey}', and start a silo with --postgres once: it writes them anew."
                : "Start a silo with --postgres once: it brings them up to date. Rows of states stay."),
            (_, null) => Fault(Queries, "OrleansQuery does not say of which version it is", "The tables were made by another script.", "Name another database, or start a silo with --postgres once if no other application uses this one: it writes its queries over those."),
            (_, var other) when other != PostgresSchema.Fingerprint => Fault(Queries, $"They are of version {other[..Math.Min(8, other.Length)]}, these programs have {PostgresSchema.Fingerprint[..8]}", "An older or newer silo was started last.", "Start a silo of the version that you want to run: it brings them up to date. Run one version at a time."),
            _ => new PostgresFinding(false, Queries, $"all {PostgresSchema.QueryKeys.Count} are there, version {PostgresSchema.Fingerprint[..8]}"),
        });
    }

    private static PostgresFinding Refused(NpgsqlConnectionStringBuilder settings, Exception error)
    {
        var place = $"{settings.Host}:{settings.Port}";
        return (error is NotConnectedException { InnerException: { } inner } ? inner : error) switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refusal
                => Fault(Server, $"{place} refuses user '{settings.Username}': {refusal.MessageText}", "The password is wrong, there is no such user, or pg_hba.conf does not let it in from here.", "Correct Username and Password in the connection string, or the server's pg_hba.conf."),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName }
                => Fault(Server, $"{place} has no database '{settings.Database ?? settings.Username}'", "Nobody has made it yet, or its name is another.", $"CREATE DATABASE \"{settings.Database ?? settings.Username}\", or name another."),
            PostgresException refusal => Fault(Server, $"{place} answers: {refusal.MessageText} ({refusal.SqlState})", "The server is starting, stopping, full or overloaded, or the user lacks a right.", "Look into the server's log; ask again."),
            SocketException or { InnerException: SocketException } or TimeoutException or { InnerException: TimeoutException }
                => Fault(Server, $"{place} does not answer: {(error.InnerException ?? error).Message}", "No server listens there, it is overloaded, or a firewall is between.", "Check that PostgreSQL runs and listens on that address (listen_addresses), and that Host and Port are right."),
            NpgsqlException { Message: var message } when message.Contains("No password", StringComparison.Ordinal)
                => Fault(Server, $"{place} asks user '{settings.Username}' for a password, and there is none", "The connection string has no Password.", "Add Password to the connection string, or use a passfile (Passfile, or ~/.pgpass)."),
            var other => Fault(Server, $"{place} cannot be asked: {other.Message}", "The server does not speak PostgreSQL's protocol on that port, or encryption is set otherwise on one side.", "Check Host and Port, and SSL Mode."),
        };
    }

    private static PostgresFinding Fault(string subject, string found, string cause, string fix) => new(true, subject, found, cause, fix);

    private static async Task<T?> AskAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false)) return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is T value ? value : default;
    }
}
