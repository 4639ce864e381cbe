using Grains.Storage.HBase;
using Grains.Streams.Storage;
using Grains.Testing.HBase;
using HBase.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.HBase.Storage;

/// <summary>Snapshots on the fake cluster: who wins, and what is said where an answer is lost.</summary>
public sealed class HBaseSnapshotsTests : IAsyncDisposable
{
    private const string Package = "org.apache.hadoop.hbase.";

    private readonly FakeCluster _cluster = new(servers: 2);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HBaseDatabase _database;
    private readonly HBaseSnapshots _snapshots;

    public HBaseSnapshotsTests()
    {
        _database = new HBaseDatabase(new HBaseStorageOptions { Client = new HBaseClientOptions { Masters = _cluster.Masters, CallTimeout = TimeSpan.FromSeconds(10) }, Regions = 4 }, _time);
        _snapshots = new HBaseSnapshots(_database, "x");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Hundreds_of_rows_are_written_and_read_in_a_call_to_each_server()
    {
        await _snapshots.ReadAsync(new SnapshotRead[] { new("warm") }, default);
        var writes = Enumerable.Range(0, 500).Select(static i => new SnapshotWrite($"key {i}", 0, 7, new byte[] { (byte)i }, null)).ToArray();
        var before = Multis();

        await _snapshots.WriteAsync(writes, default);
        var reads = writes.Select(static write => new SnapshotRead(write.Key)).ToArray();
        await _snapshots.ReadAsync(reads, default);

        Assert.All(writes, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));
        Assert.All(reads, static (read, i) => Assert.Equal((1L, 7L, (byte)i), (read.Version, read.Writer, read.Payload.Span[0])));
        Assert.Equal(4, Multis() - before);
    }

    [Fact]
    public async Task A_snapshot_larger_than_a_cell_is_cut_and_comes_back_whole_also_after_a_smaller_one()
    {
        await using var database = new HBaseDatabase(new HBaseStorageOptions { Client = new HBaseClientOptions { Masters = _cluster.Masters }, Regions = 1, MaxCellBytes = 1024 }, _time);
        var snapshots = new HBaseSnapshots(database, "large");
        var payload = new byte[2500];
        new Random(1).NextBytes(payload);
        foreach (var (length, version) in ((int, int)[])[(2500, 0), (1024, 1), (1025, 2), (0, 3), (2048, 4)])
        {
            var write = new[] { new SnapshotWrite("k", version, 7, payload.AsMemory(0, length), null) };
            await snapshots.WriteAsync(write, default);
            var read = new[] { new SnapshotRead("k") };
            await snapshots.ReadAsync(read, default);

            Assert.Equal(WriteOutcome.Won, write[0].Outcome);
            Assert.Equal((version + 1L, 7L), (read[0].Version, read[0].Writer));
            Assert.Equal(payload[..length], read[0].Payload.ToArray());
        }
    }

    [Fact]
    public async Task A_write_with_another_version_than_the_stored_one_loses_and_its_neighbour_does_not()
    {
        await WriteAsync(("a", 0, 1));
        await WriteAsync(("a", 1, 1));

        Assert.Equal([WriteOutcome.Lost, WriteOutcome.Won, WriteOutcome.Lost], await WriteAsync(("a", 1, 2), ("b", 0, 2), ("c", 3, 2)));
        Assert.Equal((2L, 1L), await ReadAsync("a"));
        Assert.Equal((0L, 0L), await ReadAsync("c"));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_settled_by_reading_the_row_back()
    {
        await WriteAsync(("a", 0, 1));
        FailNext("Multi", 1, FakeFault.LoseReply());

        Assert.Equal([WriteOutcome.Won], await WriteAsync(("a", 1, 5)));
        Assert.Equal((2L, 5L), await ReadAsync("a"));
    }

    [Fact]
    public async Task A_write_that_lost_to_another_while_its_answer_was_lost_has_lost()
    {
        await WriteAsync(("a", 0, 1));
        await WriteAsync(("a", 1, 9));
        FailNext("Multi", 1, FakeFault.LoseReply());

        Assert.Equal([WriteOutcome.Lost], await WriteAsync(("a", 1, 5)));
    }

    [Fact]
    public async Task A_write_that_nobody_ever_answered_is_unknown()
    {
        await WriteAsync(("a", 0, 1));
        FailNext("Multi", int.MaxValue, FakeFault.LoseRequest());

        Assert.Equal([WriteOutcome.Unknown], await WriteAsync(("a", 1, 5)));
    }

    [Fact]
    public async Task A_write_that_is_overtaken_by_two_is_unknown()
    {
        await WriteAsync(("a", 0, 1));
        var multis = 0;
        _cluster.Script = request => request.Method == "Multi" && ++multis == 1 ? FakeFault.LoseReply() : null;
        var write = new[] { new SnapshotWrite("a", 1, 5, new byte[1], null) };
        var writing = _snapshots.WriteAsync(write, default).AsTask();
        while (multis == 0) await Task.Yield();
        Assert.Equal([WriteOutcome.Won], await WriteAsync(("a", 2, 8)));
        await _time.DriveAsync(writing);

        Assert.Equal(WriteOutcome.Unknown, write[0].Outcome);
    }

    [Fact]
    public async Task A_server_that_says_no_has_not_written()
    {
        await WriteAsync(("a", 0, 1));
        FailNext("Multi", int.MaxValue, FakeFault.Throw(Package + "RegionTooBusyException"));
        Assert.Equal([WriteOutcome.NotWritten], await WriteAsync(("a", 1, 5)));

        FailNext("Multi", 1, FakeFault.Throw(Package + "security.AccessDeniedException", doNotRetry: true));
        Assert.Equal([WriteOutcome.NotWritten], await WriteAsync(("a", 1, 5)));
        Assert.Equal([WriteOutcome.Won], await WriteAsync(("a", 1, 5)));
    }

    [Fact]
    public async Task A_write_that_no_other_try_would_help_comes_back_with_why_and_what_to_do()
    {
        await WriteAsync(("a", 0, 1));
        FailNext("Multi", 1, FakeFault.Throw(Package + "DoNotRetryIOException", "Cell[a/s:d] with size 11534336 exceeds limit of 10485760 bytes", doNotRetry: true));
        var refused = new[] { new SnapshotWrite("a", 1, 5, new byte[1], null) };
        await _snapshots.WriteAsync(refused, default);
        Assert.Equal(WriteOutcome.NotWritten, refused[0].Outcome);
        Assert.StartsWith("Snapshot 'a' could not be written: ", refused[0].Refusal, StringComparison.Ordinal);
        Assert.EndsWith("Cell[a/s:d] with size 11534336 exceeds limit of 10485760 bytes. Write smaller cells, or raise hbase.server.keyvalue.maxsize at the servers.", refused[0].Refusal, StringComparison.Ordinal);

        FailNext("Multi", int.MaxValue, FakeFault.Throw(Package + "RegionTooBusyException"));
        await _time.DriveAsync(_snapshots.WriteAsync(refused, default).AsTask());
        Assert.Equal((WriteOutcome.NotWritten, null), (refused[0].Outcome, refused[0].Refusal));
    }

    [Fact]
    public async Task All_rows_are_scanned_with_their_keys()
    {
        await WriteAsync(("a", 0, 1), ("课程", 0, 2), (new string('k', 200), 0, 3));

        var rows = new List<SnapshotRow>();
        await foreach (var row in _snapshots.ScanAsync(default)) rows.Add(row);

        Assert.Equal(["a", new string('k', 200), "课程"], rows.Select(static row => row.Key).Order(StringComparer.Ordinal));
        Assert.All(rows, static row => Assert.Equal(1, row.Version));
    }

    [Fact]
    public async Task A_damaged_row_is_not_handed_on()
    {
        await WriteAsync(("a", 0, 1));
        await _database.Client.GetTable("grains:x_snapshots").PutAsync(new Put(RowKey.Spread("a")).Add("s", "d", "other"));

        var error = await Assert.ThrowsAsync<SnapshotStorageException>(() => ReadAsync("a"));

        Assert.False(error.IsTransient);
        Assert.StartsWith("Snapshot 'a' in HBase table 'grains:x_snapshots' is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_fails_reads_and_writes_nothing()
    {
        await WriteAsync(("a", 0, 1));
        await _cluster.StopAsync(0);
        await _cluster.StopAsync(1);

        // Order matters: once the read has failed, no connection is left that a write could have gone out on.
        Assert.True((await Assert.ThrowsAsync<SnapshotStorageException>(() => ReadAsync("a"))).IsTransient);
        Assert.Equal([WriteOutcome.NotWritten], await WriteAsync(("a", 1, 1)));
    }

    [Fact]
    public void Options_report_all_faults_at_once()
    {
        var error = Assert.Throws<ArgumentException>(static () => new HBaseDatabase(new HBaseStorageOptions { Regions = 0, HistoryBuckets = 300, Namespace = "a b", Client = new HBaseClientOptions { Masters = "" } }));

        Assert.All(["Regions is 0", "HistoryBuckets is 300", "Namespace is 'a b'", "Client: Masters is empty"], text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    private async Task<WriteOutcome[]> WriteAsync(params (string Key, long Expected, long Writer)[] rows)
    {
        var writes = rows.Select(static row => new SnapshotWrite(row.Key, row.Expected, row.Writer, new byte[] { 1, 2, 3 }, null)).ToArray();
        await _time.DriveAsync(_snapshots.WriteAsync(writes, default).AsTask());
        return Array.ConvertAll(writes, static write => write.Outcome);
    }

    private async Task<(long Version, long Writer)> ReadAsync(string key)
    {
        var reads = new[] { new SnapshotRead(key) };
        await _time.DriveAsync(_snapshots.ReadAsync(reads, default).AsTask());
        return (reads[0].Version, reads[0].Writer);
    }

    private int Multis() => _cluster.Requests.Count(static request => request.Method == "Multi");

    private void FailNext(string method, int count, FakeFault fault) => _cluster.Script = request => request.Method == method && count-- > 0 ? fault : null;
}
