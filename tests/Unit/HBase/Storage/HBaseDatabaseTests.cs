using Grains.Storage.HBase;
using Grains.Streams.Storage;
using Grains.Testing.HBase;
using HBase.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.HBase.Storage;

/// <summary>How tables come to be, on the fake cluster: beside other silos that make them too, and while the master cannot.</summary>
public sealed class HBaseDatabaseTests : IAsyncDisposable
{
    private const string Package = "org.apache.hadoop.hbase.";
    private const string Snapshots = "grains:x_snapshots";
    private static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(30);

    private readonly FakeCluster _cluster = new(servers: 2);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HBaseDatabase _database;
    private readonly HBaseSnapshots _snapshots;

    public HBaseDatabaseTests()
    {
        var client = new HBaseClientOptions { Masters = _cluster.Masters, CallTimeout = TimeSpan.FromSeconds(5), OperationTimeout = OperationTimeout };
        _database = new HBaseDatabase(new HBaseStorageOptions { Client = client, Regions = 4 }, _time);
        _snapshots = new HBaseSnapshots(_database, "x");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_table_that_another_silo_is_making_is_waited_for()
    {
        _cluster.BeginTable(Snapshots, "s");
        var looks = 0;
        _cluster.Script = request =>
        {
            if (request.Method == "GetTableState" && ++looks == 4) _cluster.FinishTable(Snapshots);
            return null;
        };

        Assert.Equal(0, await ReadAsync());

        Assert.Equal(4, looks);
        Assert.Equal(0, Count("CreateTable"));
    }

    [Fact]
    public async Task A_table_that_stays_in_the_making_fails_the_call_which_can_be_repeated()
    {
        _cluster.BeginTable(Snapshots, "s");

        var error = await Assert.ThrowsAsync<SnapshotStorageException>(ReadAsync);

        Assert.True(error.IsTransient);
        Assert.Equal($"HBase table '{Snapshots}' could not be made sure of: it is still Enabling after 30 s. See what the master's procedures wait for; it is tried again.", error.Message);
        _cluster.FinishTable(Snapshots);
        Assert.Equal(0, await ReadAsync());
    }

    [Theory]
    [InlineData("GetActiveMaster")]
    [InlineData("GetTableDescriptors")]
    [InlineData("ListNamespaceDescriptors")]
    [InlineData("CreateNamespace")]
    [InlineData("CreateTable")]
    [InlineData("getProcedureResult")]
    [InlineData("GetTableState")]
    public async Task A_master_that_cannot_yet_is_asked_again_until_it_can(string method)
    {
        var failures = 0;
        _cluster.Script = request => request.Method != method ? null : ++failures switch
        {
            1 => FakeFault.Throw(Package + "PleaseHoldException", "Master is initializing"),
            2 => FakeFault.Throw(Package + "ipc.ServerNotRunningYetException"),
            3 => FakeFault.CloseBefore(),
            4 => FakeFault.LoseRequest(),
            _ => null,
        };

        Assert.Equal(0, await ReadAsync());

        Assert.InRange(failures, 5, int.MaxValue);
        Assert.Equal(4, _cluster.Regions(Snapshots));
    }

    [Fact]
    public async Task A_table_that_was_made_while_the_answer_was_lost_is_taken()
    {
        var lost = 0;
        _cluster.Script = request => request.Method == "CreateTable" && lost++ == 0 ? FakeFault.LoseReply() : null;

        Assert.Equal(0, await ReadAsync());

        Assert.Equal(2, Count("CreateTable"));
        Assert.Equal(4, _cluster.Regions(Snapshots));
    }

    private async Task<long> ReadAsync()
    {
        var reads = new[] { new SnapshotRead("a") };
        await _time.DriveAsync(_snapshots.ReadAsync(reads, default).AsTask());
        return reads[0].Version;
    }

    private int Count(string method) => _cluster.Requests.Count(request => request.Method == method);
}
