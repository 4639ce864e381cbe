using System.Net;
using Grains.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>The membership table, as Orleans' provider uses it.</summary>
[Collection(PostgresCollection.Name)]
public sealed class MembershipTests(PostgresServer server)
{
    private const int Silos = 12;
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_changes_from_one_version_one_wins()
    {
        var table = await OpenAsync(await server.CreateDatabaseAsync());
        var version = (await table.ReadAllAsync(Cancel)).Version;
        Assert.Equal(0, version.Version);

        var inserts = await Task.WhenAll(Enumerable.Range(1, Silos).Select(silo => Task.Run(() => table.InsertRowAsync(Entry(silo), version.Next(), Cancel))));
        Assert.Single(inserts, static won => won);
        var members = await table.ReadAllAsync(Cancel);
        Assert.Equal((1, 1), (members.Version.Version, members.Members.Count));
        Assert.False(await table.InsertRowAsync(members.Members[0].Item1, members.Version.Next(), Cancel));
        Assert.Equal(1, (await table.ReadAllAsync(Cancel)).Version.Version);

        for (var round = 1; round < 50; round++)
        {
            var (before, etag) = members.Members[0];
            var updates = await Task.WhenAll(Enumerable.Range(1, Silos).Select(silo => Task.Run(() => table.UpdateRowAsync(Suspected(before, silo), etag, members.Version.Next(), Cancel))));
            Assert.Single(updates, static won => won);
            members = await table.ReadAllAsync(Cancel);
            var by = Array.IndexOf(updates, true) + 1;
            Assert.Equal((round + 1, by), (members.Version.Version, members.Members[0].Item1.SuspectTimes!.Single().Item1.Generation));
        }
    }

    [Fact]
    public async Task A_member_is_read_as_it_was_written_and_a_sign_of_life_is_no_new_version()
    {
        var table = await OpenAsync(await server.CreateDatabaseAsync());
        var entry = Entry(1);
        Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Cancel)).Version.Next(), Cancel));
        entry.IAmAliveTime = Start.AddMinutes(5);
        await table.UpdateIAmAliveAsync(entry, Cancel);

        var row = await table.ReadRowAsync(entry.SiloAddress, Cancel);
        Assert.Equal(1, row.Version.Version);
        var read = row.Members.Single().Item1;
        Assert.Equal((entry.SiloAddress, "silo 1", "host", SiloStatus.Active, 30_001, Start, Start.AddMinutes(5)), (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        var nobody = await table.ReadRowAsync(Entry(2).SiloAddress, Cancel);
        Assert.Equal((1, 0), (nobody.Version.Version, nobody.Members.Count));
        Assert.False(await table.UpdateRowAsync(Entry(2), "1", row.Version.Next(), Cancel));
        Assert.Equal(1, (await table.ReadAllAsync(Cancel)).Version.Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_members_long_dead_are_cleared_away(bool oneByOne)
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresSchema.InstallAsync(connection, Cancel);
        if (!oneByOne) await PostgresServer.ExecuteAsync(connection, "DELETE FROM OrleansQuery WHERE QueryKey = 'CleanupDefunctSiloEntryKey'");
        var table = await OpenAsync(connection);
        MembershipEntry[] entries = [Entry(1), Entry(2), Entry(3), Entry(4)];
        entries[1].Status = entries[2].Status = SiloStatus.Dead;
        entries[2].IAmAliveTime = Start.AddHours(2);
        entries[3].Status = SiloStatus.Joining;
        foreach (var entry in entries) Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Cancel)).Version.Next(), Cancel));

        await table.CleanupDefunctSiloEntriesAsync(Start.AddHours(1), Cancel);

        Assert.Equal([1, 3, 4], (await table.ReadAllAsync(Cancel)).Members.Select(static member => member.Item1.SiloAddress.Generation).Order());
        await table.DeleteMembershipTableEntriesAsync("c", Cancel);
        Assert.Equal(0, await PostgresServer.AskAsync<long>(connection, "SELECT (SELECT count(*) FROM OrleansMembershipTable) + (SELECT count(*) FROM OrleansMembershipVersionTable)"));
    }

    private static async Task<AdoNetClusteringTable> OpenAsync(string connection)
    {
        await PostgresSchema.InstallAsync(connection, Cancel);
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = "c", ServiceId = "s" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", ConnectionString = connection }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(true, Cancel);
        return table;
    }

    private static MembershipEntry Entry(int silo) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_111, silo),
        SiloName = $"silo {silo}",
        HostName = "host",
        Status = SiloStatus.Active,
        ProxyPort = 30_000 + silo,
        StartTime = Start,
        IAmAliveTime = Start,
    };

    private static MembershipEntry Suspected(MembershipEntry entry, int by) => new()
    {
        SiloAddress = entry.SiloAddress,
        SiloName = entry.SiloName,
        HostName = entry.HostName,
        Status = entry.Status,
        ProxyPort = entry.ProxyPort,
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
        SuspectTimes = [Tuple.Create(SiloAddress.New(IPAddress.Loopback, 22_222, by), Start)],
    };
}
