using CsCheck;
using Grains.Storage.HBase;
using Grains.Streams.Storage;
using Grains.Testing.HBase;
using HBase.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.HBase.Storage;

/// <summary>History rows and counters on the fake cluster: the highest version wins, and ranges come in order.</summary>
public sealed class HBaseHistoryTests : IAsyncDisposable
{
    private readonly FakeCluster _cluster = new(servers: 2);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HBaseDatabase _database;
    private readonly HBaseHistory _history;

    public HBaseHistoryTests()
    {
        _database = new HBaseDatabase(new HBaseStorageOptions { Client = new HBaseClientOptions { Masters = _cluster.Masters, CallTimeout = TimeSpan.FromSeconds(10) }, HistoryBuckets = 4 }, _time);
        _history = new HBaseHistory(_database, "x");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(3, 1, 2)]
    [InlineData(2, 3, 1)]
    public async Task The_highest_version_wins_whatever_order_they_arrive_in(long first, long second, long third)
    {
        foreach (var version in (long[])[first, second, third]) await _history.WriteAsync(new[] { Row("k", 5, version) }, default);

        var read = new[] { new HistoryRead("k", 5), new HistoryRead("k", 6) };
        await _history.ReadAsync(read, default);

        Assert.Equal([3], read[0].Payload.ToArray());
        Assert.True(read[1].Payload.IsEmpty);
    }

    [Fact]
    public async Task A_range_of_one_key_comes_by_ascending_window_and_has_no_other_key()
    {
        await _history.WriteAsync(new[] { Row("k", 300, 1), Row("k", -1, 1), Row("k", 2, 1), Row("kk", 2, 1), Row("j", 2, 1), Row("k", 256, 1), Row("k", 257, 1) }, default);

        Assert.Equal([-1, 2, 256], await WindowsAsync("k", -5, 257));
        Assert.Equal([256, 257, 300], await WindowsAsync("k", 3, long.MaxValue));
        Assert.Empty(await WindowsAsync("k", 3, 3));
    }

    [Fact]
    public async Task All_rows_of_a_span_come_from_every_bucket()
    {
        var rows = Enumerable.Range(0, 60).Select(static i => Row($"key {i}", i % 6, 1)).ToArray();
        await _history.WriteAsync(rows, default);

        var read = new List<(string, long)>();
        await foreach (var row in _history.ScanAllAsync(2, 4, default)) read.Add((row.Key, row.Window));

        Assert.Equal(rows.Where(static row => row.Window is 2 or 3).Select(static row => (row.Key, row.Window)).Order(), read.Order());
        Assert.Equal(4, _cluster.Regions("grains:x_history"));
    }

    [Fact]
    public async Task A_write_that_could_not_be_made_sure_of_can_be_repeated()
    {
        await _history.WriteAsync(new[] { Row("k", 1, 1) }, default);
        _cluster.Script = static request => request.Method == "Multi" ? FakeFault.LoseReply() : null;

        var error = await Assert.ThrowsAsync<SnapshotStorageException>(() => _time.DriveAsync(_history.WriteAsync(new[] { Row("k", 1, 2) }, default).AsTask()));

        Assert.True(error.IsTransient);
    }

    [Fact]
    public void Stamps_grow_with_the_version_and_stay_near_the_window()
    {
        Assert.Equal((long)(2.0 * 600_000) + 7, _history.Stamp(2, 7));
        Gen.Select(Gen.Long, Gen.Long[0, long.MaxValue / 4]).Sample(input => _history.Stamp(input.Item1, input.Item2) >= 0 && _history.Stamp(input.Item1, input.Item2 + 1) > _history.Stamp(input.Item1, input.Item2));
    }

    [Fact]
    public void Row_keys_of_history_sort_by_window_and_read_back() => Gen.Select(Gen.String[0, 60], Gen.Long, Gen.Long).Sample(static input =>
    {
        var (key, a, b) = (string.Concat(input.Item1.Where(static c => !char.IsSurrogate(c))), input.Item2, input.Item3);
        var (rowA, rowB) = (RowKey.History(key, a, 16), RowKey.History(key, b, 16));
        return Math.Sign(rowA.AsSpan().SequenceCompareTo(rowB)) == a.CompareTo(b) && RowKey.TryReadHistory(rowA, out var readKey, out var window) && (readKey, window) == (key, a);
    });

    [Fact]
    public async Task Counters_are_absolute_and_the_highest_stamp_wins()
    {
        var counters = new HBaseCounterTable(_database, "imooc_course_clickcount", "info", "click_count");
        await counters.WriteAsync(new[] { new CounterRow("20300101_112", 41, 10), new CounterRow("20300101_88", 7, 10), new CounterRow("20300102_88", 9, 10) }, default);
        await counters.WriteAsync(new[] { new CounterRow("20300101_112", 42, 11) }, default);
        await counters.WriteAsync(new[] { new CounterRow("20300101_112", 40, 9) }, default);

        var read = new List<CounterRow>();
        await foreach (var row in counters.ScanAsync("20300101_", default)) read.Add(row);

        Assert.Equal([new CounterRow("20300101_112", 42, 11), new CounterRow("20300101_88", 7, 10)], read);
        Assert.Equal(new byte[] { 0, 0, 0, 0, 0, 0, 0, 42 }, _cluster.Value("imooc_course_clickcount", "20300101_112", "info", "click_count"));
    }

    private async Task<List<long>> WindowsAsync(string key, long from, long to)
    {
        var windows = new List<long>();
        await foreach (var row in _history.ScanAsync(key, from, to, default)) windows.Add(row.Window);
        return windows;
    }

    private static HistoryRow Row(string key, long window, long version) => new(key, window, version, new[] { (byte)version });
}
