using System.Runtime.CompilerServices;
using Grains.Streams.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Grains.Storage.Postgres;

/// <summary>Lists rows of one type in the order of the primary key, which Orleans' provider cannot.</summary>
/// <remarks>
/// In pieces, each a query of its own that goes on behind the last row: a reader who takes his time holds no connection's snapshot for longer than a piece, so the server can clear away old versions of rows.
/// Within a piece rows come from the connection one at a time.
/// </remarks>
internal static class RowListing
{
    private const int PieceRows = 1_000;
    private const string Columns = "SELECT GrainIdExtensionString, GrainIdN1, PayloadBinary FROM OrleansStorage WHERE ServiceId = $1 AND GrainTypeString = $2";
    private const string Order = "AND PayloadBinary IS NOT NULL ORDER BY GrainIdExtensionString, GrainIdN0, GrainIdN1 LIMIT $6";
    private const string All = $"{Columns} AND (GrainIdExtensionString, GrainIdN0, GrainIdN1) > ($3, 0, $4) AND GrainIdN0 = 0 AND GrainIdN1 < $5 AND GrainIdN1 >= $7 {Order}";
    private const string OfKey = $"{Columns} AND GrainIdExtensionString = $3 AND GrainIdN0 = 0 AND GrainIdN1 >= $4 AND GrainIdN1 < $5 {Order}";

    /// <summary>All rows of a type with <paramref name="from"/> ≤ number &lt; <paramref name="to"/>, by key and number.</summary>
    public static async IAsyncEnumerable<ListedRow> AllAsync(PostgresDatabase database, string type, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // No key is empty, so all keys stand behind this.
        var (key, number) = ("", long.MaxValue);
        while (true)
        {
            var count = 0;
            await foreach (var row in PieceAsync(database, All, type, key, number, to, from, cancellationToken).ConfigureAwait(false))
            {
                (key, number, count) = (row.Key, row.Number, count + 1);
                yield return row;
            }

            if (count < PieceRows) yield break;
        }
    }

    /// <summary>The rows of one key with <paramref name="from"/> ≤ number &lt; <paramref name="to"/>, by number.</summary>
    public static async IAsyncEnumerable<ListedRow> OfKeyAsync(PostgresDatabase database, string type, string key, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (from < to)
        {
            var count = 0;
            await foreach (var row in PieceAsync(database, OfKey, type, key, from, to, null, cancellationToken).ConfigureAwait(false))
            {
                (from, count) = (row.Number + 1, count + 1);
                yield return row;
            }

            if (count < PieceRows) yield break;
        }
    }

    private static async IAsyncEnumerable<ListedRow> PieceAsync(PostgresDatabase database, string sql, string type, string key, long number, long to, long? least, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var piece = new Piece(database);
        await using (piece.ConfigureAwait(false))
        {
            await piece.StartAsync(sql, [database.ServiceId, type, key, number, to, PieceRows, .. least is { } bound ? [bound] : Array.Empty<object>()], cancellationToken).ConfigureAwait(false);
            while (await piece.NextAsync(cancellationToken).ConfigureAwait(false) is { } row) yield return row;
        }
    }

    /// <summary>A query under way; its failures are told in the words of the storage contracts.</summary>
    private sealed class Piece(PostgresDatabase database) : IAsyncDisposable
    {
        private NpgsqlConnection? _connection;
        private NpgsqlCommand? _command;
        private NpgsqlDataReader? _reader;

        public async Task StartAsync(string sql, object[] values, CancellationToken cancellationToken)
        {
            await database.EnsureSchemaAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                _connection = await database.Source.OpenAsync(cancellationToken).ConfigureAwait(false);
                _command = new NpgsqlCommand(sql, _connection);
                foreach (var value in values) _command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = value is string ? NpgsqlDbType.Text : NpgsqlDbType.Bigint });
                _reader = await _command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (PostgresFailure.IsOurs(error))
            {
                throw PostgresFailure.Describe("Listing rows in", database.Settings, error);
            }
        }

        public async Task<ListedRow?> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                if (!await _reader!.ReadAsync(cancellationToken).ConfigureAwait(false)) return null;
                return new ListedRow(_reader.GetString(0), _reader.GetInt64(1), database.Binary.Deserialize<StoredSnapshot>(BinaryData.FromBytes(_reader.GetFieldValue<byte[]>(2)))!);
            }
            catch (Exception error) when (PostgresFailure.IsOurs(error))
            {
                throw PostgresFailure.Describe("Listing rows in", database.Settings, error);
            }
        }

        public async ValueTask DisposeAsync()
        {
            // Cancelled first: closing reads to the end what the server still sends.
            if (_reader is { IsClosed: false }) _command!.Cancel();
            if (_reader is not null) await _reader.DisposeAsync().ConfigureAwait(false);
            if (_command is not null) await _command.DisposeAsync().ConfigureAwait(false);
            if (_connection is not null) await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
