using System.Diagnostics;
using Grains.Storage.Postgres;
using Grains.Streams.Storage;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>A server that goes away and comes back.</summary>
[Collection(PostgresCollection.Name)]
public sealed class FaultTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Keys = 500;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_never_reached_the_server_is_not_written_and_can_be_written_later()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var snapshots = new PostgresSnapshots(database.Database, "course");
        var history = new PostgresHistory(database.Database, "course");
        var writes = Writes(new long[Keys], 1);
        HistoryRow[] rows = [new("a", 1, 1, "x"u8.ToArray())];
        await server.StopAsync();
        try
        {
            await snapshots.WriteAsync(writes, Cancel);
            Assert.All(writes, static write => Assert.Equal(WriteOutcome.NotWritten, write.Outcome));
            await AssertAwayAsync(() => snapshots.ReadAsync(new SnapshotRead[] { new("key 1") }, Cancel).AsTask());
            await AssertAwayAsync(() => history.WriteAsync(rows, Cancel).AsTask());
            await AssertAwayAsync(() => history.ReadAsync(new HistoryRead[] { new("a", 1) }, Cancel).AsTask());
            await AssertAwayAsync(async () => await snapshots.ScanAsync(Cancel).ToListAsync(Cancel));
        }
        finally
        {
            await server.StartAsync();
        }

        database.Time.Advance(database.Database.Options.ReconnectDelay);
        await snapshots.WriteAsync(writes, Cancel);
        await history.WriteAsync(rows, Cancel);
        Assert.All(writes, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));
    }

    [Fact]
    public async Task A_server_that_has_ended_since_the_last_batch_leaves_nothing_in_doubt()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var snapshots = new PostgresSnapshots(database.Database, "course");
        var first = Writes(new long[Keys], 1);
        await snapshots.WriteAsync(first, Cancel);
        Assert.All(first, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));
        var second = Writes([.. Enumerable.Repeat(1L, Keys)], 2, [.. first.Select(static write => write.Tag)]);
        await server.StopAsync();
        await snapshots.WriteAsync(second, Cancel);
        await server.StartAsync();
        Assert.All(second, static write => Assert.Equal(WriteOutcome.NotWritten, write.Outcome));

        database.Time.Advance(database.Database.Options.ReconnectDelay);
        await snapshots.WriteAsync(second, Cancel);
        Assert.All(second, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));
    }

    [Fact]
    public async Task A_server_that_ends_in_the_middle_of_a_batch_leaves_no_wrong_outcome()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var snapshots = new PostgresSnapshots(database.Database, "course");
        var versions = new long[Keys];
        var tags = new object?[Keys];
        var underWay = new TaskCompletionSource();
        var load = Task.Run(async () =>
        {
            for (var batch = 1; ; batch++)
            {
                var writes = Writes(versions, batch, tags);
                await snapshots.WriteAsync(writes, Cancel);
                if (batch == 3) underWay.SetResult();
                if (writes.Any(static write => write.Outcome != WriteOutcome.Won)) return writes;

                for (var i = 0; i < Keys; i++) (versions[i], tags[i]) = (versions[i] + 1, writes[i].Tag);
            }
        });
        await underWay.Task;
        await server.StopAsync();
        var last = await load.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await server.StartAsync();
        database.Time.Advance(database.Database.Options.ReconnectDelay);

        var reads = last.Select(static write => new SnapshotRead(write.Key)).ToArray();
        await snapshots.ReadAsync(reads, Cancel);
        for (var i = 0; i < Keys; i++)
        {
            var isThere = reads[i].Version == versions[i] + 1 && reads[i].Writer == last[i].Writer;
            var isBefore = reads[i].Version == versions[i];
            Assert.True(last[i].Outcome switch { WriteOutcome.Won => isThere, WriteOutcome.NotWritten => isBefore, WriteOutcome.Unknown => isThere || isBefore, _ => false },
                $"{last[i].Key}: {last[i].Outcome}, expected version {versions[i]}, stored {reads[i].Version} of {reads[i].Writer}");
            (versions[i], tags[i]) = (reads[i].Version, reads[i].Tag);
        }

        var again = Writes(versions, 1_000_000, tags);
        await snapshots.WriteAsync(again, Cancel);
        Assert.All(again, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));
        output.WriteLine(string.Join(", ", last.GroupBy(static write => write.Outcome).Select(static outcome => $"{outcome.Key} {outcome.Count()}")));
    }

    [Fact]
    public async Task A_server_that_hangs_costs_a_batch_its_time_outs_once_and_not_for_every_row()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = Databases.Open($"{connection};Command Timeout=1;Cancellation Timeout=500;Timeout=1");
        var snapshots = new PostgresSnapshots(database.Database, "course");
        var writes = Writes(new long[Keys], 1);
        await snapshots.WriteAsync(writes, Cancel);
        for (var i = 0; i < Keys; i++) writes[i] = new SnapshotWrite(writes[i].Key, 1, 2, default, writes[i].Tag);
        var start = Stopwatch.GetTimestamp();
        await server.PauseAsync();
        try
        {
            await snapshots.WriteAsync(writes, Cancel);
        }
        finally
        {
            await server.ResumeAsync();
        }

        // 500 rows by 16 at a time would be more than 30 rounds of time-outs.
        var waited = Stopwatch.GetElapsedTime(start);
        Assert.InRange(waited, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        Assert.All(writes, static write => Assert.True(write.Outcome is WriteOutcome.Unknown or WriteOutcome.NotWritten, $"{write.Outcome}"));
        output.WriteLine($"{waited.TotalSeconds:0.0} s, {string.Join(", ", writes.GroupBy(static write => write.Outcome).Select(static outcome => $"{outcome.Key} {outcome.Count()}"))}");
    }

    [Fact]
    public async Task What_the_server_refuses_is_not_written()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = Databases.Open(connection);
        var snapshots = new PostgresSnapshots(database.Database, "course");
        var first = Writes(new long[1], 1);
        await snapshots.WriteAsync(first, Cancel);
        await PostgresServer.ExecuteAsync(connection, "ALTER TABLE OrleansStorage ADD CONSTRAINT none CHECK (Version < 2)");
        var second = new SnapshotWrite[] { new(first[0].Key, 1, 2, default, first[0].Tag) };

        await snapshots.WriteAsync(second, Cancel);

        Assert.Equal(WriteOutcome.NotWritten, second[0].Outcome);
    }

    [Fact]
    public async Task A_key_that_cannot_be_stored_is_misuse()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var snapshots = new PostgresSnapshots(database.Database, "course");

        foreach (var key in new[] { "", "a\0b", new string('ä', 101) })
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await snapshots.WriteAsync(new SnapshotWrite[] { new(key, 0, 1, default, null) }, Cancel));
        }
    }

    private static SnapshotWrite[] Writes(long[] versions, long writer, object?[]? tags = null) =>
        [.. versions.Select((version, i) => new SnapshotWrite($"key {i}", version, writer, new byte[100], tags?[i]))];

    private static async Task AssertAwayAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<SnapshotStorageException>(call);
        Assert.True(error.IsTransient);
        Assert.Contains("the server cannot be reached: Connection refused. Start it, or correct Host and Port.", error.Message, StringComparison.Ordinal);
    }
}
