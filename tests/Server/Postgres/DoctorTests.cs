using System.Text;
using Grains.Cli;
using Grains.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>What <c>grains doctor --postgres</c> finds at a real server.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DoctorTests(PostgresServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_a_silo_has_used_is_well()
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresSchema.InstallAsync(connection, Cancel);

        var (code, lines) = await ExamineAsync(connection);
        Assert.Equal(ExitCode.Success, code);
        Assert.Equal(3, lines.Count);
        Assert.Matches(@"^ok\tpostgres\tPostgreSQL \d+[.\d]* at \S+, database 'grains_\S+', user '\S+'$", lines[0]);
        Assert.Equal("ok\ttables\tOrleansQuery, OrleansMembershipVersionTable, OrleansMembershipTable, OrleansStorage are there", lines[1]);
        Assert.Matches(@"^ok\tqueries\tall 14 are there, version [0-9a-f]{8}$", lines[2]);
    }

    [Fact]
    public async Task Tables_that_are_missing_are_made_by_a_silo()
    {
        var connection = await server.CreateDatabaseAsync();
        var (code, lines) = await ExamineAsync(connection);
        Assert.Equal((ExitCode.Usage, 2), (code, lines.Count));
        Assert.StartsWith("fail\ttables\tNone of Orleans' tables is in database 'grains_", lines[1], StringComparison.Ordinal);
        Assert.Contains("\tStart a silo with --postgres once: it makes them.", lines[1], StringComparison.Ordinal);

        await PostgresSchema.InstallAsync(connection, Cancel);
        await PostgresServer.ExecuteAsync(connection, "DROP TABLE OrleansStorage");
        Assert.StartsWith("fail\ttables\tOrleansStorage is missing\t", (await ExamineAsync(connection)).Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE OrleansQuery SET QueryText = 'abcdefghij' WHERE QueryKey = 'GrainsSchema'", "They are of version abcdefgh, these programs have ")]
    [InlineData("DELETE FROM OrleansQuery WHERE QueryKey = 'GrainsSchema'", "OrleansQuery does not say of which version it is\t")]
    [InlineData("DELETE FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'", "OrleansQuery has no ReadFromStorageKey\tSomebody deleted rows, or the tables are of another version.\tDELETE FROM")]
    public async Task Queries_of_another_version_are_told(string damage, string told)
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresSchema.InstallAsync(connection, Cancel);
        await PostgresServer.ExecuteAsync(connection, damage);

        var (code, lines) = await ExamineAsync(connection);
        Assert.Equal((ExitCode.Usage, 3), (code, lines.Count));
        Assert.StartsWith($"fail\tqueries\t{told}", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_another_script_and_a_database_that_may_only_be_read_are_faults()
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresSchema.InstallAsync(connection, Cancel);
        await PostgresServer.ExecuteAsync(connection, "ALTER TABLE OrleansStorage DROP CONSTRAINT orleansstorage_pkey");
        Assert.StartsWith("fail\ttables\tOrleansStorage has no primary key\t", (await ExamineAsync(connection)).Lines[1], StringComparison.Ordinal);

        await PostgresServer.ExecuteAsync(connection, $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(connection).Database} SET default_transaction_read_only = on");
        Assert.Contains("it may only be read", Assert.Single((await ExamineAsync(connection)).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_user_a_wrong_database_an_absent_server_and_a_wrong_string_are_told_apart()
    {
        var right = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Password = "not-to-be-shown" };
        await FailsAsync(settings => settings.Username = "nobody_of_that_name", "refuses user 'nobody_of_that_name': ", "Correct Username and Password");
        await FailsAsync(settings => settings.Database = "nowhere", "has no database 'nowhere'", "CREATE DATABASE \"nowhere\", or name another.");
        await FailsAsync(settings => (settings.Host, settings.Port) = ("127.0.0.1", 9), "127.0.0.1:9 does not answer: Connection refused", "Check that PostgreSQL runs");

        var (code, lines) = await ExamineAsync("Database=x");
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith("fail\tpostgres\tPostgresOptions: ConnectionString names no Host", Assert.Single(lines), StringComparison.Ordinal);

        async Task FailsAsync(Action<NpgsqlConnectionStringBuilder> change, string found, string fix)
        {
            var wrong = new NpgsqlConnectionStringBuilder(right.ConnectionString);
            change(wrong);
            var (code, lines) = await ExamineAsync(wrong.ConnectionString);
            Assert.Equal(ExitCode.Usage, code);
            var parts = Assert.Single(lines).Split('\t');
            Assert.Equal(("fail", "postgres", 5), (parts[0], parts[1], parts.Length));
            Assert.Contains(found, parts[2], StringComparison.Ordinal);
            Assert.StartsWith(fix, parts[4], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_may_not_write_is_told_what_to_grant()
    {
        var owner = await server.CreateDatabaseAsync();
        await PostgresSchema.InstallAsync(owner, Cancel);
        var guest = $"guest_{new NpgsqlConnectionStringBuilder(owner).Database}";
        await PostgresServer.ExecuteAsync(owner, $"CREATE ROLE {guest} LOGIN PASSWORD 'x'; GRANT SELECT ON OrleansQuery TO {guest}");
        try
        {
            var (code, lines) = await ExamineAsync(new NpgsqlConnectionStringBuilder(owner) { Username = guest, Password = "x" }.ConnectionString);
            Assert.Equal(ExitCode.Usage, code);
            Assert.StartsWith($"fail\ttables\tUser '{guest}' may not read and write OrleansMembershipVersionTable, OrleansMembershipTable, OrleansStorage\t", lines[1], StringComparison.Ordinal);
            Assert.EndsWith($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{guest}\".", lines[1], StringComparison.Ordinal);
        }
        finally
        {
            await PostgresServer.ExecuteAsync(owner, $"DROP OWNED BY {guest}; DROP ROLE {guest}");
        }
    }

    private static async Task<(int Code, List<string> Lines)> ExamineAsync(string connection)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var code = await GrainsCommand.RunAsync(["doctor", "--postgres", connection], new Surroundings(output, error, IsTerminal: false, Server: null), Cancel);
        var text = Encoding.UTF8.GetString(output.ToArray());
        Assert.Equal("", error.ToString());
        Assert.DoesNotContain("not-to-be-shown", text, StringComparison.Ordinal);
        return (code, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
