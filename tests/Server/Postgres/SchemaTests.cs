using Grains.Storage.Postgres;
using Grains.Streams.Storage;
using Npgsql;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>The installation of tables and queries.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SchemaTests(PostgresServer server)
{
    private const string Queries = "SELECT string_agg(QueryKey || ':' || length(QueryText), ',' ORDER BY QueryKey COLLATE \"C\") FROM OrleansQuery";
    private const string Made = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_may_install_at_once_and_again()
    {
        var connection = await server.CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostgresSchema.InstallAsync(connection, Cancel)));

        var queries = await PostgresServer.AskAsync<string>(connection, Queries);
        Assert.Equal(15, queries.Split(',').Length);
        Assert.Equal(4, await PostgresServer.AskAsync<long>(connection, Made));

        await PostgresSchema.InstallAsync(connection, Cancel);
        await PostgresServer.ExecuteAsync(connection, PostgresSchema.Script);
        Assert.Equal(queries, await PostgresServer.AskAsync<string>(connection, Queries));
    }

    [Fact]
    public async Task Queries_of_another_version_are_brought_up_to_date_and_rows_stay()
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresSchema.InstallAsync(connection, Cancel);
        var queries = await PostgresServer.AskAsync<string>(connection, Queries);
        await PostgresServer.ExecuteAsync(connection, "INSERT INTO OrleansStorage VALUES ('s', 't', 'k', 0, 0, 1, 1, now(), NULL); UPDATE OrleansQuery SET QueryText = 'older'; DELETE FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'");

        await PostgresSchema.InstallAsync(connection, Cancel);

        Assert.Equal(queries, await PostgresServer.AskAsync<string>(connection, Queries));
        Assert.Equal(1, await PostgresServer.AskAsync<long>(connection, "SELECT count(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task Who_may_not_make_tables_is_told_what_to_do_and_may_use_those_that_are_there()
    {
        var owner = await server.CreateDatabaseAsync();
        var settings = new NpgsqlConnectionStringBuilder(owner);
        var guest = $"guest_{settings.Database}";
        settings.Username = guest;
        await PostgresServer.ExecuteAsync(owner, $"REVOKE CREATE ON SCHEMA public FROM public; CREATE ROLE {guest} LOGIN PASSWORD 'x'");
        settings.Password = "x";
        try
        {
            var error = await Assert.ThrowsAsync<SnapshotStorageException>(() => PostgresSchema.InstallAsync(settings.ConnectionString, Cancel));
            Assert.False(error.IsTransient);
            Assert.StartsWith($"Installing the tables in PostgreSQL database '{settings.Database}' on {settings.Host}:{settings.Port} failed: user '{guest}' may not do that (permission denied for schema public). Grant it", error.Message, StringComparison.Ordinal);

            await PostgresServer.ExecuteAsync(owner, $"{PostgresSchema.Script}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {guest}");
            await using var database = Databases.Open(settings.ConnectionString);
            var writes = new SnapshotWrite[] { new("a", 0, 1, default, null) };
            await new PostgresSnapshots(database.Database, "course").WriteAsync(writes, Cancel);
            Assert.Equal(WriteOutcome.Won, writes[0].Outcome);
        }
        finally
        {
            await PostgresServer.ExecuteAsync(owner, $"DROP OWNED BY {guest}; DROP ROLE {guest}");
        }
    }

    [Fact]
    public async Task A_table_of_another_script_is_refused_and_left_as_it_is()
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresServer.ExecuteAsync(connection, "CREATE TABLE OrleansStorage (GrainIdHash integer NOT NULL, GrainIdExtensionString varchar(512), Version integer)");

        var error = await Assert.ThrowsAsync<SnapshotStorageException>(() => PostgresSchema.InstallAsync(connection, Cancel));

        Assert.False(error.IsTransient);
        Assert.EndsWith("failed: the table OrleansStorage was made by another script and has no primary key (P0001). Name another database, or another schema (Search Path in the connection string).", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await PostgresServer.AskAsync<long>(connection, Made));
    }

    [Fact]
    public async Task A_database_that_is_not_there_and_a_server_that_is_not_there_are_told_apart()
    {
        var settings = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Database = "nowhere" };
        var absent = await Assert.ThrowsAsync<SnapshotStorageException>(() => PostgresSchema.InstallAsync(settings.ConnectionString, Cancel));
        Assert.Equal($"Installing the tables in PostgreSQL database 'nowhere' on {settings.Host}:{settings.Port} failed: the database does not exist. Make it (CREATE DATABASE \"nowhere\"), or name another.", absent.Message);
        Assert.False(absent.IsTransient);

        (settings.Host, settings.Port) = ("127.0.0.1", 9);
        var away = await Assert.ThrowsAsync<SnapshotStorageException>(() => PostgresSchema.InstallAsync(settings.ConnectionString, Cancel));
        Assert.Equal("Installing the tables in PostgreSQL database 'nowhere' on 127.0.0.1:9 failed: the server cannot be reached: Connection refused. Start it, or correct Host and Port.", away.Message);
        Assert.True(away.IsTransient);
    }
}
