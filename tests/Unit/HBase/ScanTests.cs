using System.Text;
using Grains.Testing.HBase;
using HBase.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>Scans across regions and servers, in pieces, with everything that goes wrong on the way: each row comes once, whole and in order.</summary>
public sealed class ScanTests : IAsyncDisposable
{
    private const string Package = "org.apache.hadoop.hbase.";

    private readonly FakeCluster _cluster = new(servers: 3);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HBaseClient _client;
    private readonly HBaseTable _table;
    private readonly List<string> _rows = [.. Enumerable.Range(0, 26).SelectMany(static c => Enumerable.Range(0, 10).Select(i => $"{(char)('a' + c)}{i}"))];

    public ScanTests()
    {
        _cluster.CreateTable("t", ["f"], "h", "p");
        _cluster.CreateTable("t2", ["f"]);
        _client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, CallTimeout = TimeSpan.FromSeconds(10) }, _time);
        _table = _client.GetTable("t");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(7, 0)]
    [InlineData(1, 0)]
    [InlineData(1000, 3)]
    [InlineData(5, 1)]
    public async Task All_rows_come_in_order_whatever_the_size_of_the_steps(int chunkRows, int cellsPerStep)
    {
        await FillAsync(columns: 2);
        _cluster.CellsPerScanStep = cellsPerStep;

        var read = await ReadAsync(new Scan { ChunkRows = chunkRows });

        Assert.Equal(_rows.Select(static row => $"{row}x2"), read);
    }

    [Fact]
    public async Task A_reversed_scan_is_the_forward_one_backwards()
    {
        await FillAsync(columns: 1);

        Assert.Equal(Enumerable.Reverse(_rows).Select(static row => $"{row}x1"), await ReadAsync(new Scan { Reversed = true, ChunkRows = 7 }));
        Assert.Equal(["p0x1", "o9x1", "o8x1"], await ReadAsync(new Scan { Reversed = true, StartRow = "p0"u8.ToArray(), Limit = 3 }));
        Assert.Equal(["o9x1", "o8x1"], await ReadAsync(new Scan { Reversed = true, StartRow = "p"u8.ToArray(), StopRow = "o7"u8.ToArray() }));
    }

    [Fact]
    public async Task A_range_a_prefix_and_a_limit_are_kept()
    {
        await FillAsync(columns: 1);

        Assert.Equal(["g9x1", "h0x1", "h1x1"], await ReadAsync(new Scan { StartRow = "g8"u8.ToArray(), IncludeStartRow = false, StopRow = "h1"u8.ToArray(), IncludeStopRow = true }));
        Assert.Equal(10, (await ReadAsync(Scan.Prefix("k"u8.ToArray()))).Count);
        Assert.Equal(["a0x1", "a1x1", "a2x1"], await ReadAsync(new Scan { Limit = 3 }));
        Assert.Equal(100, (await ReadAsync(new Scan { Limit = 100, ChunkRows = 30 })).Count);
        Assert.Empty(await ReadAsync(Scan.Prefix("zz"u8.ToArray())));
    }

    [Fact]
    public async Task A_range_that_ends_at_a_region_border_asks_no_further_region()
    {
        await FillAsync(columns: 1);

        Assert.Equal(70, (await ReadAsync(new Scan { StopRow = "h"u8.ToArray() })).Count);
        Assert.Equal([0], _cluster.Requests.Where(static request => request is { IsData: true, Method: "Scan" }).Select(static request => request.Server).Distinct());
    }

    [Fact]
    public async Task Heartbeats_are_not_the_end()
    {
        await FillAsync(columns: 1);
        _cluster.Heartbeats = 2;

        Assert.Equal(260, (await ReadAsync(new Scan { ChunkRows = 50 })).Count);
    }

    [Theory]
    [InlineData("UnknownScannerException")]
    [InlineData("exceptions.ScannerResetException")]
    [InlineData("exceptions.OutOfOrderScannerNextException")]
    [InlineData("NotServingRegionException")]
    [InlineData("regionserver.RegionServerStoppedException")]
    [InlineData("RegionTooBusyException")]
    public async Task A_scanner_that_was_lost_is_opened_again_behind_the_last_row(string javaClass)
    {
        await FillAsync(columns: 3);
        _cluster.CellsPerScanStep = 10;
        var count = 0;
        _cluster.Script = request => request.Method == "Scan" && !request.Region.StartsWith("hbase:", StringComparison.Ordinal) && ++count % 3 == 0 ? FakeFault.Throw(Package + javaClass, doNotRetry: javaClass.Contains("canner", StringComparison.Ordinal)) : null;

        Assert.Equal(_rows.Select(static row => $"{row}x3"), await _time.DriveAsync(ReadAsync(new Scan())));
    }

    [Fact]
    public async Task An_answer_that_was_lost_repeats_no_row_and_skips_none()
    {
        await FillAsync(columns: 3);
        _cluster.CellsPerScanStep = 20;
        var count = 0;
        _cluster.Script = request => request.Method == "Scan" && !request.Region.StartsWith("hbase:", StringComparison.Ordinal) && ++count % 5 == 0 ? (count % 2 == 0 ? FakeFault.CutReply() : FakeFault.LoseReply()) : null;

        Assert.Equal(_rows.Select(static row => $"{row}x3"), await _time.DriveAsync(ReadAsync(new Scan())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Splits_and_moves_under_way_repeat_no_row_and_skip_none(bool reversed)
    {
        await FillAsync(columns: 2);
        var rows = new List<string>();
        var driven = _time.DriveAsync(Task.Run(async () =>
        {
            await foreach (var row in _table.ScanAsync(new Scan { ChunkRows = 9, Reversed = reversed }))
            {
                rows.Add(Text(row));
                if (rows.Count == 20) _cluster.Split("t", "d", upperServer: 1);
                if (rows.Count == 40) _cluster.Move("t", "f", server: 2);
                if (rows.Count == 90) _cluster.Split("t", "m5", upperServer: 0);
                if (rows.Count == 150) _cluster.ForgetScanners();
            }
        }));
        await driven;

        Assert.Equal((reversed ? Enumerable.Reverse(_rows) : _rows).Select(static row => $"{row}x2"), rows);
    }

    [Fact]
    public async Task A_slow_reader_keeps_its_scanner()
    {
        await FillAsync(columns: 1);
        _cluster.ScannerLeaseMilliseconds = 30_000;
        var scanner = _table.ScanAsync(new Scan { ChunkRows = 20 }).GetAsyncEnumerator();
        await scanner.MoveNextAsync();
        var before = Steps();
        for (var i = 0; i < 3; i++)
        {
            // The timer is armed after each step; a renewal has arrived before the next is waited for.
            await _time.DriveAsync(MoreThanAsync(before));
            before = Steps();
        }

        var rows = 1;
        while (await _time.DriveAsync(scanner.MoveNextAsync().AsTask())) rows++;
        await scanner.DisposeAsync();
        Assert.Equal(260, rows);
        Assert.Equal(3, _cluster.Requests.Count(static request => request is { Method: "Scan" } && request.Region.StartsWith("t,", StringComparison.Ordinal)));

        async Task MoreThanAsync(int steps)
        {
            while (Steps() <= steps) await Task.Yield();
        }

        int Steps() => _cluster.Requests.Count(static request => request.Method == "Scan");
    }

    [Fact]
    public async Task A_scan_that_is_left_early_closes_its_scanner()
    {
        await FillAsync(columns: 1);
        await foreach (var row in _table.ScanAsync(new Scan { ChunkRows = 5 }))
        {
            if (Text(row) == "a3x1") break;
        }

        Assert.Equal(0, _cluster.OpenScanners);
    }

    [Fact]
    public async Task Regions_are_listed_from_the_first_to_the_last()
    {
        var regions = await _client.Admin.ListRegionsAsync("t");

        Assert.Equal(["", "h", "p"], regions.Select(static region => Encoding.UTF8.GetString(region.StartKey.Span)));
        Assert.Equal(["h", "p", ""], regions.Select(static region => Encoding.UTF8.GetString(region.EndKey.Span)));
        Assert.Equal([_cluster.Endpoint(0), _cluster.Endpoint(1), _cluster.Endpoint(2)], regions.Select(static region => region.Server));
        Assert.All(regions, static region => Assert.Equal(32, region.EncodedName.Length));
    }

    [Fact]
    public async Task A_hundred_callers_of_unknown_regions_read_meta_once_a_region()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _table.ExistsAsync(new Get($"{(char)('a' + (i % 26))}")).AsTask()));

        Assert.InRange(_cluster.Requests.Count(static request => request.Region.StartsWith("hbase:meta", StringComparison.Ordinal)), 1, 3);
        Assert.Equal(1, _cluster.Requests.Count(static request => request.Method == "GetMetaRegionLocations"));
    }

    private async Task FillAsync(int columns)
    {
        var puts = _rows.Select(row =>
        {
            var put = new Put(row);
            for (var i = 0; i < columns; i++) put.Add("f", $"q{i}", row);
            return (RowOperation)put;
        });
        Assert.All(await _table.BatchAsync([.. puts]), static outcome => Assert.True(outcome.Processed));
    }

    private async Task<List<string>> ReadAsync(Scan scan)
    {
        var rows = new List<string>();
        await foreach (var row in _table.ScanAsync(scan)) rows.Add(Text(row));
        return rows;
    }

    private static string Text(HBaseRow row) => $"{Encoding.UTF8.GetString(row.Key.Span)}x{row.Count}";
}
