using System.Globalization;
using System.Text;
using Grains.Testing;
using Grains.Tests.Server.Embedded;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>The tutorial's tables as the official Java client reads them, against the oracle's numbers, after silos that were killed.</summary>
[Collection(RealHBaseCollection.Name)]
public sealed class TutorialTablesTests(RealHBase server, ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, string> Hosts = new(StringComparer.Ordinal)
    {
        ["baidu"] = "www.baidu.com", ["sogou"] = "www.sogou.com", ["bing"] = "cn.bing.com", ["google"] = "www.google.com", ["yahoo"] = "search.yahoo.com", ["so"] = "www.so.com", ["yandex"] = "yandex.ru",
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

        Assert.Equal(Expected(workload, "views", static (day, course, _) => $"{day}_{course}"), await ReadAsync("imooc_course_clickcount"));
        Assert.Equal(
            Expected(workload, "source", static (day, course, source) => Hosts.TryGetValue(source, out var host) ? $"{day}_{host}_{course}" : null),
            await ReadAsync("imooc_course_search_clickcount"));
    }

    // Of the oracle's lines: course, start of the minute, dimension, value, views.
    private static SortedDictionary<string, string> Expected(Workload workload, string dimension, Func<string, string, string, string?> key)
    {
        var sums = new Dictionary<string, long>();
        foreach (var line in Encoding.UTF8.GetString(workload.Expected).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('\t');
            if (fields[1] == "0" || fields[2] != dimension) continue;

            var day = DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[1], CultureInfo.InvariantCulture)).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            if (key(day, fields[0], fields[3]) is { } row) sums[row] = sums.GetValueOrDefault(row) + long.Parse(fields[4], CultureInfo.InvariantCulture);
        }

        return new SortedDictionary<string, string>(sums.ToDictionary(static sum => sum.Key, static sum => HBaseBytes.ToDisplay(HBaseBytes.Int64(sum.Value))), StringComparer.Ordinal);
    }

    private async Task<SortedDictionary<string, string>> ReadAsync(string table)
    {
        var lines = (await server.RunAsync("tool", "scan", table, "1000000")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t')).ToList();
        Assert.All(lines, static line => Assert.Equal("info:click_count", line[1]));
        return new SortedDictionary<string, string>(lines.ToDictionary(static line => line[0], static line => line[3]), StringComparer.Ordinal);
    }
}
