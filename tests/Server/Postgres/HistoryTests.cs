using Grains.Storage.Postgres;
using Grains.Streams.Storage;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>Rows of closed windows in a real PostgreSQL.</summary>
[Collection(PostgresCollection.Name)]
public sealed class HistoryTests(PostgresServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_highest_version_stays_whatever_order_rows_arrive_in()
    {
        const int Seed = 20_261;
        var connection = await server.CreateDatabaseAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var rows = (from key in new[] { "a", "b" } from window in new long[] { -1, 0, 7 } from version in Enumerable.Range(1, 12) select new HistoryRow(key, window, version, BitConverter.GetBytes(version * 1000))).ToArray();

        // Several silos at once, each with the same rows in an order of its own, and each row more than once in a call.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
        {
            HistoryRow[] order = [.. rows, .. rows];
            random.Shuffle(order);
            return Task.Run(async () =>
            {
                await using var database = Databases.Open(connection, 4);
                await new PostgresHistory(database.Database, "course").WriteAsync(order, Cancel);
            });
        }));

        await using var reader = Databases.Open(connection);
        var history = new PostgresHistory(reader.Database, "course");
        await history.WriteAsync(new HistoryRow[] { new("a", 7, 11, "late"u8.ToArray()) }, Cancel);
        var stored = await history.ScanAllAsync(long.MinValue, long.MaxValue, Cancel).ToListAsync(Cancel);
        Assert.Equal(["a -1 12", "a 0 12", "a 7 12", "b -1 12", "b 0 12", "b 7 12"], stored.Select(static row => $"{row.Key} {row.Window} {row.Version}"));
        Assert.All(stored, static row => Assert.Equal(12_000, BitConverter.ToInt32(row.Payload.Span)));
    }

    [Fact]
    public async Task A_repeated_call_changes_nothing_and_an_equal_version_replaces()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var history = new PostgresHistory(database.Database, "course");
        await history.WriteAsync(new HistoryRow[] { new("a", 1, 5, "one"u8.ToArray()) }, Cancel);
        await history.WriteAsync(new HistoryRow[] { new("a", 1, 5, "two"u8.ToArray()) }, Cancel);

        var reads = new HistoryRead[] { new("a", 1), new("a", 2) };
        await history.ReadAsync(reads, Cancel);

        Assert.Equal("two"u8.ToArray(), reads[0].Payload.ToArray());
        Assert.True(reads[1].Payload.IsEmpty);
    }

    [Fact]
    public async Task Listings_are_those_of_the_key_and_the_windows_asked_for_over_many_pieces()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var history = new PostgresHistory(database.Database, "course");
        await new PostgresSnapshots(database.Database, "course").WriteAsync(new SnapshotWrite[] { new("a", 0, 1, default, null) }, Cancel);
        await new PostgresHistory(database.Database, "other").WriteAsync(new HistoryRow[] { new("a", 1, 1, default) }, Cancel);
        string[] keys = ["a", "a/", "a/0000000000000001", "A", "1", "0001", "å"];
        await history.WriteAsync(keys.SelectMany(static key => Enumerable.Range(-20, 40).Select(window => new HistoryRow(key, window, 3, System.Text.Encoding.UTF8.GetBytes($"{key}{window}")))).ToArray(), Cancel);
        await history.WriteAsync(Enumerable.Range(-1100, 2300).Select(static window => new HistoryRow("long", window, 1, default)).ToArray(), Cancel);

        foreach (var key in keys)
        {
            var rows = await history.ScanAsync(key, -5, 5, Cancel).ToListAsync(Cancel);
            Assert.Equal(Enumerable.Range(-5, 10).Select(window => (key, (long)window, $"{key}{window}")), rows.Select(static row => (row.Key, row.Window, System.Text.Encoding.UTF8.GetString(row.Payload.Span))));
        }

        Assert.Equal(Enumerable.Range(-1100, 2300).Select(static window => (long)window), (await history.ScanAsync("long", long.MinValue, long.MaxValue, Cancel).ToListAsync(Cancel)).Select(static row => row.Window));
        var all = await history.ScanAllAsync(-20, 1000, Cancel).ToListAsync(Cancel);
        Assert.Equal((keys.Length * 40) + 1020, all.Count);
        Assert.Equal(all.Count, all.Select(static row => (row.Key, row.Window)).Distinct().Count());
        Assert.Empty(await history.ScanAsync("a", 3, 3, Cancel).ToListAsync(Cancel));
        Assert.Empty(await history.ScanAsync("nobody", 0, 9, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_listing_may_be_left_in_the_middle()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync(), 1);
        var history = new PostgresHistory(database.Database, "course");
        await history.WriteAsync(Enumerable.Range(0, 200).Select(static window => new HistoryRow("a", window, 1, new byte[10_000])).ToArray(), Cancel);

        // More often than there are connections: each must come back, and be fit for use.
        for (var i = 0; i < 20; i++) Assert.Equal(0, (await history.ScanAsync("a", 0, 200, Cancel).FirstAsync(Cancel)).Window);
        Assert.Equal(200, await history.ScanAsync("a", 0, 200, Cancel).CountAsync(Cancel));
    }
}
