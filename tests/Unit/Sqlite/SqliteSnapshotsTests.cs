using System.Text;
using Grains.Storage.Sqlite;
using Grains.Streams.Storage;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Unit.Sqlite;

public sealed class SqliteSnapshotsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;
    private SqliteSnapshots _snapshots = null!;

    public ValueTask InitializeAsync()
    {
        Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task First_write_wins_only_where_there_is_no_row()
    {
        Assert.Equal(WriteOutcome.Won, (await WriteAsync("a", 0, "one")).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync("a", 0, "two")).Outcome);
        await AssertRowAsync("a", 1, "one");
    }

    [Fact]
    public async Task Next_write_wins_only_on_the_version_it_expects_with_and_without_a_tag()
    {
        var first = await WriteAsync("a", 0, "one");
        Assert.IsType<long>(first.Tag);
        Assert.Equal(WriteOutcome.Won, (await WriteAsync("a", 1, "two", first.Tag)).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync("a", 1, "three", first.Tag)).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync("a", 1, "three")).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync("a", 7, "three", first.Tag)).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync("never", 3, "three")).Outcome);
        Assert.Equal(WriteOutcome.Won, (await WriteAsync("a", 2, "three")).Outcome);
        await AssertRowAsync("a", 3, "three");
        await AssertRowAsync("never", 0, "");
    }

    [Fact]
    public async Task Rows_of_a_batch_win_and_lose_by_themselves_and_keep_their_places()
    {
        var tag = (await WriteAsync("m", 0, "old")).Tag;
        SnapshotWrite[] batch = [Row("z", 0, "z"), Row("m", 1, "new", tag), Row("b", 4, "b"), Row("a", 0, ""), Row("ключ", 0, "utf8")];
        await _snapshots.WriteAsync(batch, default);
        Assert.Equal([WriteOutcome.Won, WriteOutcome.Won, WriteOutcome.Lost, WriteOutcome.Won, WriteOutcome.Won], batch.Select(write => write.Outcome));

        SnapshotRead[] reads = [new("a"), new("b"), new("m"), new("z"), new("ключ")];
        await _snapshots.ReadAsync(reads, default);
        Assert.Equal([1, 0, 2, 1, 1], reads.Select(read => read.Version));
        Assert.Equal(["", "", "new", "z", "utf8"], reads.Select(read => Encoding.UTF8.GetString(read.Payload.Span)));
        for (var i = 0; i < batch.Length; i++)
        {
            if (batch[i].Outcome == WriteOutcome.Won) Assert.Equal(batch[i].Tag, reads.Single(read => read.Key == batch[i].Key).Tag);
        }
    }

    [Fact]
    public async Task Rows_and_tags_are_there_after_the_file_is_opened_again()
    {
        var tag = (await WriteAsync("a", 0, "one")).Tag;
        await _database.DisposeAsync();
        Open();
        await AssertRowAsync("a", 1, "one");
        Assert.Equal(WriteOutcome.Won, (await WriteAsync("a", 1, "two", tag)).Outcome);
    }

    [Fact]
    public async Task Names_do_not_see_each_other()
    {
        var other = new SqliteSnapshots(_database, "other");
        await WriteAsync("a", 0, "one");
        SnapshotWrite[] batch = [Row("b", 0, "b"), Row("a", 0, "a")];
        await other.WriteAsync(batch, default);
        await AssertRowAsync("a", 1, "one");
        await AssertRowAsync("b", 0, "");
    }

    [Fact]
    public async Task Scan_finds_each_row_once()
    {
        var batch = Enumerable.Range(0, 2_500).Select(i => Row($"key-{i * 37 % 2_500}", 0, $"{i}")).ToArray();
        await _snapshots.WriteAsync(batch, default);
        var rows = new Dictionary<string, string>();
        await foreach (var row in _snapshots.ScanAsync(default)) rows.Add(row.Key, $"{row.Version} {row.Writer} {Encoding.UTF8.GetString(row.Payload.Span)}");
        Assert.Equal(2_500, rows.Count);
        Assert.All(batch, write => Assert.Equal($"1 77 {Encoding.UTF8.GetString(write.Payload.Span)}", rows[write.Key]));
    }

    [Fact]
    public async Task A_full_disk_writes_nothing_and_says_so_and_the_same_write_may_be_tried_again()
    {
        await WriteAsync("a", 0, "one");
        await LimitPagesAsync(1);
        SnapshotWrite[] batch = [Row("a", 1, "two"), .. Enumerable.Range(0, 200).Select(i => Row($"n{i}", 0, new string('x', 1_000)))];
        await _snapshots.WriteAsync(batch, default);
        Assert.All(batch, write => Assert.Equal(WriteOutcome.NotWritten, write.Outcome));
        Assert.Contains("the disk is full", _database.Fault, StringComparison.Ordinal);
        await AssertRowAsync("a", 1, "one");
        await AssertRowAsync("n0", 0, "");

        await LimitPagesAsync(1_000_000);
        await _snapshots.WriteAsync(batch, default);
        Assert.All(batch, write => Assert.Equal(WriteOutcome.Won, write.Outcome));
        Assert.Null(_database.Fault);
        await AssertRowAsync("n199", 1, new string('x', 1_000));
    }

    [Fact]
    public async Task Writes_that_share_a_commit_do_not_share_their_faults()
    {
        using var gate = new ManualResetEventSlim();
        var held = _database.WriteAsync(_ => gate.Wait());
        var stray = _database.WriteAsync(_ => throw new InvalidOperationException("stray"));
        var bad = _database.WriteAsync(session => session.Execute("insert into nowhere values (1)"));
        SnapshotWrite[] batch = [Row("a", 0, "one")];
        var good = _snapshots.WriteAsync(batch, default).AsTask();
        gate.Set();
        Assert.Null(await held);
        await good;
        Assert.Equal(WriteOutcome.Won, batch[0].Outcome);
        Assert.True((await bad)!.IsRolledBack);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stray);
        await AssertRowAsync("a", 1, "one");
    }

    [Theory]
    [InlineData("")]
    [InlineData("äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää")]
    public async Task A_key_of_no_bytes_or_too_many_is_refused(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _snapshots.WriteAsync(new[] { Row(key, 0, "x") }, default));

    private static SnapshotWrite Row(string key, long expected, string payload, object? tag = null) => new(key, expected, 77, Encoding.UTF8.GetBytes(payload), tag);

    private void Open()
    {
        _database = SqliteDatabase.Open(new SqliteOptions { Path = _folder.File("test.db") });
        _snapshots = new SqliteSnapshots(_database, "course");
    }

    private async Task LimitPagesAsync(int pages) => Assert.Null(await _database.WriteAsync(session => session.QueryInteger($"pragma max_page_count = {pages}")));

    private async Task<SnapshotWrite> WriteAsync(string key, long expected, string payload, object? tag = null)
    {
        SnapshotWrite[] batch = [Row(key, expected, payload, tag)];
        await _snapshots.WriteAsync(batch, default);
        return batch[0];
    }

    private async Task AssertRowAsync(string key, long version, string payload)
    {
        SnapshotRead[] reads = [new(key)];
        await _snapshots.ReadAsync(reads, default);
        Assert.Equal((version, version == 0 ? 0 : 77, payload), (reads[0].Version, reads[0].Writer, Encoding.UTF8.GetString(reads[0].Payload.Span)));
    }
}
