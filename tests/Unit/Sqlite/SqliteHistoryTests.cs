using System.Text;
using Grains.Storage.Sqlite;
using Grains.Streams.Storage;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Unit.Sqlite;

public sealed class SqliteHistoryTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteHistory _history;

    public SqliteHistoryTests()
    {
        _database = SqliteDatabase.Open(new SqliteOptions { Path = _folder.File("test.db") });
        _history = new SqliteHistory(_database, "course");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Highest_version_wins_in_whatever_order_the_rows_arrive()
    {
        await _history.WriteAsync(new[] { Row("a", 5, 2, "two") }, default);
        await _history.WriteAsync(new[] { Row("a", 5, 1, "one") }, default);
        Assert.Equal("two", await ReadAsync("a", 5));
        await _history.WriteAsync(new[] { Row("a", 5, 3, "three"), Row("b", 5, 1, "b") }, default);
        Assert.Equal("three", await ReadAsync("a", 5));
        Assert.Equal("b", await ReadAsync("b", 5));
        Assert.Equal("", await ReadAsync("b", 6));
        Assert.Equal("", await ReadAsync("c", 5));
    }

    [Fact]
    public async Task Scan_of_a_key_is_by_window_and_half_open_though_windows_came_in_another_order()
    {
        var windows = Enumerable.Range(-1_500, 3_000).Select(i => (long)i * 60).ToArray();
        new Random(1).Shuffle(windows);
        await _history.WriteAsync(windows.SelectMany(window => new[] { Row("a", window, 1, $"{window}"), Row("b", window, 1, "b") }).ToArray(), default);
        Array.Sort(windows);

        var found = await _history.ScanAsync("a", -60_000, 60_000, default).Select(row => (row.Window, Encoding.UTF8.GetString(row.Payload.Span))).ToListAsync();
        Assert.Equal(windows.Where(window => window is >= -60_000 and < 60_000).Select(window => (window, $"{window}")), found);
        Assert.Empty(await _history.ScanAsync("nobody", long.MinValue, long.MaxValue, default).ToListAsync());
        Assert.Equal(3_000, await _history.ScanAsync("a", long.MinValue, long.MaxValue, default).CountAsync());
    }

    [Fact]
    public async Task Random_writes_end_as_in_memory()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var model = new MemoryHistory();
        for (var call = 0; call < 50; call++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 200))
                .Select(_ => (Key: $"k{random.Next(40)}", Window: random.NextInt64(30), Version: random.NextInt64(1, 50))).Distinct()
                .Select(row => Row(row.Key, row.Window, row.Version, $"{row.Version}")).ToArray();
            await _history.WriteAsync(rows, default);
            await model.WriteAsync(rows, default);
        }

        var stored = await _history.ScanAllAsync(3, 27, default).ToListAsync();
        var expected = model.Rows.Where(row => row.Window is >= 3 and < 27).Select(Describe).Order();
        Assert.True(expected.SequenceEqual(stored.Select(Describe).Order()), $"seed {seed}");
    }

    [Fact]
    public async Task A_full_disk_is_told_in_one_sentence_and_the_call_can_be_repeated()
    {
        await _database.WriteAsync(session => session.QueryInteger("pragma max_page_count = 1"));
        var rows = Enumerable.Range(0, 1_000).Select(i => Row($"k{i}", 1, 1, new string('x', 100))).ToArray();
        var error = await Assert.ThrowsAsync<SnapshotStorageException>(async () => await _history.WriteAsync(rows, default));
        Assert.True(error.IsTransient);
        Assert.Equal($"Write to SQLite database '{_database.Path}' failed: the disk is full. Make room; it is tried again.", error.Message);

        await _database.WriteAsync(session => session.QueryInteger("pragma max_page_count = 100000"));
        await _history.WriteAsync(rows, default);
        Assert.Equal(1_000, await _history.ScanAllAsync(1, 2, default).CountAsync());
    }

    private static string Describe(HistoryRow row) => $"{row.Key} {row.Window} {row.Version} {Encoding.UTF8.GetString(row.Payload.Span)}";

    private static HistoryRow Row(string key, long window, long version, string payload) => new(key, window, version, Encoding.UTF8.GetBytes(payload));

    private async Task<string> ReadAsync(string key, long window)
    {
        HistoryRead[] reads = [new(key, window)];
        await _history.ReadAsync(reads, default);
        return Encoding.UTF8.GetString(reads[0].Payload.Span);
    }
}
