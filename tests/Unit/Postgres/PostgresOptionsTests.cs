using Grains.Storage.Postgres;
using Xunit;

namespace Grains.Tests.Unit.Postgres;

public sealed class PostgresOptionsTests
{
    [Fact]
    public void All_faults_are_named_at_once_and_no_password_is_shown()
    {
        var options = new PostgresOptions { ConnectionString = "Hots=db;Password=secret", MaxConcurrentCalls = 0, ReconnectDelay = TimeSpan.FromHours(1) };

        Assert.Equal(
            [
                "PostgresOptions: ConnectionString cannot be read: keywords and values are NAME=VALUE with a semicolon between them, and the names are Npgsql's (for example Host=localhost;Database=grains;Username=grains).",
                "PostgresOptions: MaxConcurrentCalls is 0; it must be 1 to 1000 (default 16).",
                "PostgresOptions: ReconnectDelay is 01:00:00; it must be 0 to 1 minute (default 00:00:01).",
            ],
            options.Faults());
        Assert.DoesNotContain("secret", Assert.Throws<ArgumentException>(() => options.Connect("x", 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Database=grains;Username=grains")]
    public void A_connection_without_a_host_is_a_fault(string connection) =>
        Assert.Equal(["PostgresOptions: ConnectionString names no Host (for example Host=localhost;Database=grains;Username=grains)."], new PostgresOptions { ConnectionString = connection }.Faults());

    [Fact]
    public void What_the_connection_string_sets_is_kept_and_the_rest_is_ours()
    {
        var ours = new PostgresOptions { ConnectionString = "Host=db" }.Connect("storage", 20);
        Assert.Equal((20, 16, 2, 10, true, "grains storage"), (ours.MaxPoolSize, ours.MaxAutoPrepare, ours.AutoPrepareMinUsages, ours.CommandTimeout, ours.NoResetOnClose, ours.ApplicationName));

        var theirs = new PostgresOptions { ConnectionString = "Host=db;Maximum Pool Size=7;max auto prepare=0;Command Timeout=3;Application Name=mine;No Reset On Close=false" }.Connect("storage", 20);
        Assert.Equal((7, 0, 3, false, "mine"), (theirs.MaxPoolSize, theirs.MaxAutoPrepare, theirs.CommandTimeout, theirs.NoResetOnClose, theirs.ApplicationName));
    }
}
