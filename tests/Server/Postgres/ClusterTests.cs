using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grains.Storage.Postgres;
using Grains.Streams.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>Silos that know of each other through PostgreSQL alone.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ClusterTests(PostgresServer server, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_silos_form_a_cluster_and_share_its_state_and_a_member_that_does_not_answer_is_evicted()
    {
        var connection = await server.CreateDatabaseAsync();
        using var first = Silo(connection);
        using var second = Silo(connection);
        await Task.WhenAll(first.StartAsync(Cancel), second.StartAsync(Cancel));
        await UntilAsync(first, static members => Count(members, SiloStatus.Active) == 2);
        await UntilAsync(second, static members => Count(members, SiloStatus.Active) == 2);

        var writes = new SnapshotWrite[] { new("a", 0, 1, "of the first"u8.ToArray(), null) };
        await Snapshots(first).WriteAsync(writes, Cancel);
        var reads = new SnapshotRead[] { new("a") };
        await Snapshots(second).ReadAsync(reads, Cancel);
        Assert.Equal("of the first"u8.ToArray(), reads[0].Payload.ToArray());

        var address = second.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        await second.StopAsync(Cancel);
        await UntilAsync(first, members => members.GetSiloStatus(address) == SiloStatus.Dead);

        // The second starts again and dies before it can say anything: its row is there, and nobody behind it.
        await PostgresServer.ExecuteAsync(connection, $"""
            INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
            SELECT DeploymentId, Address, Port, Generation + 1, SiloName, HostName, 3, ProxyPort, now(), now() FROM OrleansMembershipTable WHERE Port = {address.Endpoint.Port};
            UPDATE OrleansMembershipVersionTable SET Version = Version + 1;
            """);
        var start = Stopwatch.GetTimestamp();
        var killed = SiloAddress.New(address.Endpoint, address.Generation + 1);
        await UntilAsync(first, members => members.GetSiloStatus(killed) == SiloStatus.Dead);
        output.WriteLine($"evicted after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        var voters = await PostgresServer.AskAsync<string>(connection, $"SELECT Status || ' ' || SuspectTimes FROM OrleansMembershipTable WHERE Port = {address.Endpoint.Port} AND Generation = {killed.Generation}");
        Assert.StartsWith($"6 {first.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString()},", voters, StringComparison.Ordinal);
        await first.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_silo_that_cannot_reach_its_table_says_so_and_does_not_start()
    {
        using var silo = Silo("Host=127.0.0.1;Port=9;Database=grains;Username=grains");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => silo.StartAsync(Cancel));

        Assert.Contains("Installing the tables in PostgreSQL database 'grains' on 127.0.0.1:9 failed: the server cannot be reached: Connection refused.", error.ToString(), StringComparison.Ordinal);
    }

    private static IHost Silo(string connection)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.None));
        builder.UseOrleans(silo =>
        {
            var options = new PostgresOptions { ConnectionString = connection, MaxConcurrentCalls = 4 };
            silo.UsePostgresClustering(options).AddPostgresStorage("course", options);
            silo.Configure<ClusterOptions>(static cluster => (cluster.ClusterId, cluster.ServiceId) = ("c", "s"));
            silo.Configure<ClusterMembershipOptions>(static membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
            });
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        });
        return builder.Build();
    }

    private static IBatchedSnapshots Snapshots(IHost silo) => silo.Services.GetRequiredKeyedService<IBatchedSnapshots>("course");

    private static int Count(ClusterMembershipSnapshot members, SiloStatus status) => members.Members.Values.Count(member => member.Status == status);

    private static async Task UntilAsync(IHost silo, Func<ClusterMembershipSnapshot, bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit);
        var membership = silo.Services.GetRequiredService<IClusterMembershipService>();
        try
        {
            await foreach (var members in membership.MembershipUpdates.WithCancellation(limit.Token))
            {
                if (isSo(members)) return;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"After {Limit}: {membership.CurrentSnapshot}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
