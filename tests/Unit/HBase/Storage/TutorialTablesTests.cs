using System.Globalization;
using Grains.Silo;
using Grains.Testing;
using Grains.Testing.HBase;
using Grains.Tests.Unit.Weblog;
using Grains.Weblog;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Unit.HBase.Storage;

/// <summary>The tutorial's tables, filled by runs of the silo over a log on the fake cluster.</summary>
public sealed class TutorialTablesTests : IAsyncDisposable
{
    private const string Clicks = "imooc_course_clickcount";
    private const string Searches = "imooc_course_search_clickcount";

    private readonly FakeCluster _cluster = new(servers: 2);
    private readonly TemporaryFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Days_of_courses_are_absolute_counts_whatever_is_counted_again()
    {
        await CountAsync(View("23/Nov/2026:15:59:00", 112, "-"), View("23/Nov/2026:15:59:30", 112, "https://www.baidu.com/s?wd=hbase"), View("23/Nov/2026:16:00:10", 145, "http://cn.bing.com/search?q=x"));

        Assert.Equal((2, 1, null, 1), (Count(Clicks, "20261123_112"), Count(Clicks, "20261124_145"), Count(Clicks, "20261124_112"), Count(Searches, "20261123_www.baidu.com_112")));
        Assert.Equal(1, Count(Searches, "20261124_cn.bing.com_145"));

        // Midnight of the pages is at 16:00. The last view comes late, and belongs to the day before.
        await CountAsync(View("23/Nov/2026:18:30:00", 112, "https://www.sogou.com/web?query=x"), View("23/Nov/2026:18:31:00", 131, "-"), View("23/Nov/2026:15:58:00", 112, "https://www.baidu.com/s?wd=late"));
        await CountAsync();

        Assert.Equal((3, 1, 1, 1), (Count(Clicks, "20261123_112"), Count(Clicks, "20261124_112"), Count(Clicks, "20261124_145"), Count(Clicks, "20261124_131")));
        Assert.Equal((2, 1), (Count(Searches, "20261123_www.baidu.com_112"), Count(Searches, "20261124_www.sogou.com_112")));
        Assert.Equal((4, 3), (_cluster.CountRows(Clicks), _cluster.CountRows(Searches)));
    }

    [Fact]
    public async Task What_a_run_that_died_had_not_yet_written_the_next_one_writes()
    {
        await CountAsync([View("23/Nov/2026:12:00:00", 112, "-")], tables: false);

        await CountAsync();

        Assert.Equal(1, Count(Clicks, "20261123_112"));
    }

    private static string View(string time, int course, string referrer) =>
        $"1.2.3.4 - - [{time} +0000] \"GET /class/{course}.html HTTP/1.1\" 200 10 \"{referrer}\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\"";

    private Task CountAsync(params string[] lines) => CountAsync(lines, tables: true);

    private async Task CountAsync(string[] lines, bool tables)
    {
        await File.AppendAllLinesAsync(_folder.File("access.log"), lines, TestContext.Current.CancellationToken);
        var rules = new WeblogOptions().AgentRulesFile;
        var code = await Entry.RunAsync(
            new Dictionary<string, string?>
            {
                ["Grains:Input"] = _folder.File("access.log"),
                ["Grains:Once"] = "true",
                ["Grains:HBase:Client:Masters"] = _cluster.Masters,
                ["Grains:HBase:Regions"] = "2",
                ["Grains:HBase:HistoryBuckets"] = "2",
                ["Grains:TutorialTables:Enabled"] = tables.ToString(CultureInfo.InvariantCulture),
                ["Grains:TutorialTables:UtcOffset"] = "08:00:00",
                ["Grains:Weblog:AgentRulesFile"] = File.Exists(rules) ? rules : BesideRepository.Shared("bench/data/regexes.yaml"),
                ["Grains:Weblog:RegionDatabaseFile"] = TestParsers.RegionDatabase(),
                ["Grains:Weblog:FutureTolerance"] = "365.00:00:00",
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
    }

    private long? Count(string table, string row) => _cluster.Value(table, row, "info", "click_count") is { Length: sizeof(long) } value ? HBaseBytes.ToInt64(value) : null;
}
