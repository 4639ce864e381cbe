using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Grains.Testing;
using Grains.Tests.Server.Embedded;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>The tutorial's tables as the official Java client reads them, against the oracle's numbers, after silos that were killed.</summary>
[Collection(RealHBaseCollection.Name)]
public sealed partial class TutorialTablesTests(RealHBase server, ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, string> Hosts = new(StringComparer.Ordinal)
    {
        ["www.baidu.com"] = "www.baidu.com",
        ["www.sogou.com"] = "www.sogou.com",
        ["cn.bing.com"] = "cn.bing.com",
        ["www.bing.com"] = "cn.bing.com",
        ["www.google.com"] = "www.google.com",
        ["search.yahoo.com"] = "search.yahoo.com",
        ["www.so.com"] = "www.so.com",
        ["yandex.ru"] = "yandex.ru",
        ["duckduckgo.com"] = "duckduckgo.com",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_official_client_reads_the_days_that_the_oracle_counts()
    {
        var workload = await Workload.GetAsync();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        await File.WriteAllBytesAsync(_folder.File("access.log"), workload.Log, TestContext.Current.CancellationToken);
        string[] arguments =
        [
            "--input", "access.log", "--hbase", server.Masters ?? "", "--set", $"HBase:Namespace=tutorial{Guid.NewGuid():N}", "--set", "HBase:Regions=4", "--set", "HBase:HistoryBuckets=4",
            "--set", "TutorialTables:Enabled=true", "--set", "TutorialTables:Interval=00:00:00.5", "--set", "Streams:MaxPollBytes=65536", "--set", "Streams:MinPollBytes=16384", .. Workload.Options,
        ];
        for (var kill = 0; kill < 3; kill++)
        {
            await using var silo = SiloProcess.Start(_folder.Path, [.. arguments, "--http", "0"]);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2_000, 6_000)), TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.False(silo.HasExited, silo.Errors);
            await silo.KillAsync();
        }

        var (code, _, errors) = await SiloProcess.RunAsync(_folder.Path, Limit, [.. arguments, "--once"]);
        Assert.True(code == 0, errors);

        // The oracle does not tell where visitors came from; what it tells of views shows that the lines are picked here as it picks them.
        var clicks = Oracle(workload);
        Assert.Equal(clicks, Lines(workload, static (day, course, _) => $"{day}_{course}"));
        Assert.Equal(clicks, await ReadAsync("imooc_course_clickcount"));
        Assert.Equal(
            Lines(workload, static (day, course, referrer) => Hosts.FirstOrDefault(host => referrer.Contains($"//{host.Key}", StringComparison.Ordinal)).Value is { } host ? $"{day}_{host}_{course}" : null),
            await ReadAsync("imooc_course_search_clickcount"));
    }

    // course, start of the minute, dimension, value, views
    private static SortedDictionary<string, string> Oracle(Workload workload)
    {
        var sums = new Dictionary<string, long>();
        foreach (var line in Encoding.UTF8.GetString(workload.Expected).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('\t');
            if (fields[1] == "0" || fields[2] != "views") continue;

            var row = $"{DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[1], CultureInfo.InvariantCulture)):yyyyMMdd}_{fields[0]}";
            sums[row] = sums.GetValueOrDefault(row) + long.Parse(fields[4], CultureInfo.InvariantCulture);
        }

        return Table(sums);
    }

    private static SortedDictionary<string, string> Lines(Workload workload, Func<string, string, string, string?> rowOf)
    {
        var sums = new Dictionary<string, long>();
        foreach (var view in workload.SplitLines().Select(static line => View().Match(Encoding.UTF8.GetString(line.Span))).Where(static view => view.Success))
        {
            var day = DateTime.ParseExact(view.Groups["day"].Value, "dd/MMM/yyyy", CultureInfo.InvariantCulture).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            if (rowOf(day, view.Groups["course"].Value, view.Groups["referrer"].Value) is { } row) sums[row] = sums.GetValueOrDefault(row) + 1;
        }

        return Table(sums);
    }

    private static SortedDictionary<string, string> Table(Dictionary<string, long> sums) =>
        new(sums.ToDictionary(static sum => sum.Key, static sum => HBaseBytes.ToDisplay(HBaseBytes.Int64(sum.Value))), StringComparer.Ordinal);

    [GeneratedRegex(@"\[(?<day>[^:]+):[^\]]*\] ""GET /class/(?<course>\d+)\.html HTTP/1\.1"" 200 \d+ ""(?<referrer>[^""]*)""")]
    private static partial Regex View();

    private async Task<SortedDictionary<string, string>> ReadAsync(string table)
    {
        var lines = (await server.RunAsync("tool", "scan", table, "1000000")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t')).ToList();
        Assert.All(lines, static line => Assert.Equal("info:click_count", line[1]));
        return new SortedDictionary<string, string>(lines.ToDictionary(static line => line[0], static line => line[3]), StringComparer.Ordinal);
    }
}
