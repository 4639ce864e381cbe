using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Grains.Streams.Storage;
using Npgsql;

namespace Grains.Storage.Postgres;

/// <summary>The tables and queries that Orleans' AdoNet clustering and persistence need, and their installation.</summary>
public static partial class PostgresSchema
{
    /// <summary>Any number, as long as it is the same in all silos and in no other program's locks.</summary>
    private const long InstallLock = 0x677261696e73;

    /// <summary>The row of OrleansQuery that says which script was run last.</summary>
    internal const string VersionKey = "GrainsSchema";

    private static readonly string Statements = string.Join('\n', new[] { "queries.sql", "clustering.sql", "storage.sql" }.Select(Resource));

    /// <summary>What the row <see cref="VersionKey"/> holds where this script was run last.</summary>
    internal static string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Statements)));

    /// <summary>The tables that are made.</summary>
    internal static IReadOnlyList<string> Tables { get; } = [.. TableName().Matches(Statements).Select(static match => match.Groups["name"].Value)];

    /// <summary>The rows of OrleansQuery that are made, but for <see cref="VersionKey"/>.</summary>
    internal static IReadOnlyList<string> QueryKeys { get; } = [.. QueryKey().Matches(Statements).Select(static match => match.Groups["key"].Value)];

    /// <summary>All that is installed, as a script for <c>psql -1</c>: for a database where the silos' own user may not make tables. It can be run again.</summary>
    public static string Script { get; } =
        $"""
        -- One installation at a time.
        SELECT pg_advisory_xact_lock({InstallLock});

        {Statements}
        -- Which script was run; a silo that finds its own here leaves everything as it is.
        INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('{VersionKey}', '{Fingerprint}')
        ON CONFLICT (QueryKey) DO UPDATE SET QueryText = EXCLUDED.QueryText;

        """;

    /// <summary>Makes what is absent and brings the queries up to date; does nothing where everything is there. Several may do so at once.</summary>
    /// <param name="connectionString">Npgsql's. The user must be allowed to make tables, unless they are there.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SnapshotStorageException">It could not be done; the message says why and what to do.</exception>
    public static async Task InstallAsync(string connectionString, CancellationToken cancellationToken)
    {
        var options = new PostgresOptions { ConnectionString = connectionString };
        var settings = options.Connect("install", 1);
        settings.Pooling = false;
        try
        {
            var connection = new NpgsqlConnection(settings.ConnectionString);
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                await InstallAsync(connection, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (PostgresFailure.IsOurs(error))
        {
            throw PostgresFailure.Describe("Installing the tables in", settings, error);
        }
    }

    internal static async Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await IsInstalledAsync(connection, cancellationToken).ConfigureAwait(false)) return;

        // One transaction: the lock ends with it, and a fault on the way leaves nothing behind.
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var command = new NpgsqlCommand(Script, connection, transaction);
            await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsInstalledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = $"SELECT {string.Join(" AND ", Tables.Select(static table => $"to_regclass('{table}') IS NOT NULL"))}";
        return await AskAsync<bool>(connection, tables, cancellationToken).ConfigureAwait(false)
            && await AskAsync<string>(connection, $"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{VersionKey}'", cancellationToken).ConfigureAwait(false) == Fingerprint;
    }

    private static async Task<T?> AskAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is T value ? value : default;
        }
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^CREATE TABLE IF NOT EXISTS (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TableName();

    [GeneratedRegex(@"^\('(?<key>\w+)', \$query\$", RegexOptions.Multiline)]
    private static partial Regex QueryKey();
}
