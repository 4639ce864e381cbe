using System.Globalization;
using Grains.Courses;
using Grains.Storage.HBase;
using Grains.Streams.Storage;

namespace Grains.Silo.Tutorial;

/// <summary>
/// Keeps <c>imooc_course_clickcount</c> (row <c>yyyyMMdd_course</c>) and <c>imooc_course_search_clickcount</c> (row <c>yyyyMMdd_host_course</c>), column <c>info:click_count</c>, as the tutorial's pages read them.
/// </summary>
/// <remarks>
/// Counts are read from what is durable, and written as absolute values with the snapshot's version in the timestamp: whoever writes one twice, late or again after a crash does no harm. What a dead silo had
/// not yet written is found by going over all courses, at the start and every hour.
/// </remarks>
internal sealed partial class TutorialTables : IHostedService, IDisposable
{
    private const int Batch = 1000;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    // The hosts that the tutorial's log has; of the others those that most visitors see.
    private static readonly Dictionary<string, string> Hosts = new(StringComparer.Ordinal)
    {
        ["baidu"] = "www.baidu.com",
        ["sogou"] = "www.sogou.com",
        ["so"] = "www.so.com",
        ["bing"] = "cn.bing.com",
        ["google"] = "www.google.com",
        ["yahoo"] = "search.yahoo.com",
        ["yandex"] = "yandex.ru",
        ["duckduckgo"] = "duckduckgo.com",
        ["shenma"] = "m.sm.cn",
        ["naver"] = "search.naver.com",
        ["toutiao"] = "so.toutiao.com",
        ["ecosia"] = "www.ecosia.org",
        ["brave"] = "search.brave.com",
    };

    private readonly HBaseCounterTable _clicks;
    private readonly HBaseCounterTable _searches;
    private readonly DayCountReader _days;
    private readonly ChangedCourses _changed;
    private readonly TutorialTableSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<TutorialTables> _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private long? _swept;

    public TutorialTables(HBaseDatabase database, DayCountReader days, ChangedCourses changed, TutorialTableSettings settings, TimeProvider time, ILogger<TutorialTables> logger)
    {
        _clicks = new HBaseCounterTable(database, "imooc_course_clickcount", "info", "click_count");
        _searches = new HBaseCounterTable(database, "imooc_course_search_clickcount", "info", "click_count");
        (_days, _changed, _settings, _time, _logger) = (days, changed, settings, time, logger);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception away) when (away is SnapshotStorageException or OperationCanceledException)
        {
            // The next start goes over all courses.
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Brings the tables up to what is durable now.</summary>
    /// <exception cref="SnapshotStorageException">They are not; the call can be repeated.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var sweeps = _swept is not { } swept || _time.GetElapsedTime(swept) >= SweepInterval;
        if (sweeps)
        {
            foreach (var (course, blocks) in await _days.CoursesAsync(cancellationToken)) _changed.Add(course, blocks);
        }

        var changed = _changed.Take();
        try
        {
            await WriteAsync(changed, cancellationToken);
        }
        catch
        {
            foreach (var (course, blocks) in changed) _changed.Add(course, blocks);
            throw;
        }

        if (sweeps) _swept = _time.GetTimestamp();
    }

    private async Task WriteAsync(Dictionary<string, HashSet<long>> changed, CancellationToken cancellationToken)
    {
        var clicks = new List<CounterRow>();
        var searches = new List<CounterRow>();
        foreach (var (course, blocks) in changed)
        {
            foreach (var count in await _days.ReadAsync(course, blocks, cancellationToken))
            {
                if (count.Source.Length == 0) clicks.Add(Row(count, null));
                else if (Hosts.TryGetValue(count.Source, out var host)) searches.Add(Row(count, host));
            }

            if (clicks.Count + searches.Count >= Batch) await WriteAsync(clicks, searches, cancellationToken);
        }

        await WriteAsync(clicks, searches, cancellationToken);
    }

    private async Task WriteAsync(List<CounterRow> clicks, List<CounterRow> searches, CancellationToken cancellationToken)
    {
        await _clicks.WriteAsync(clicks.ToArray(), cancellationToken);
        await _searches.WriteAsync(searches.ToArray(), cancellationToken);
        clicks.Clear();
        searches.Clear();
    }

    // The stamp grows with the version, and stays near the day, for tables that somebody gave a time to live.
    private static CounterRow Row(DayCount count, string? host)
    {
        var day = count.Day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var start = new DateTimeOffset(count.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
        return new CounterRow(host is null ? $"{day}_{count.Course}" : $"{day}_{host}_{count.Course}", count.Views, start + count.Version);
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_settings.Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await FlushAsync(_stop.Token);
                }
                catch (SnapshotStorageException away)
                {
                    TablesLag(away.Message);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    [LoggerMessage(EventIds.TutorialTablesLag, LogLevel.Warning, "The tutorial's tables in HBase could not be brought up to date, and will be tried again: {Reason}")]
    private partial void TablesLag(string reason);
}
