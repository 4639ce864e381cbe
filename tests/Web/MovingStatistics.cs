using System.Runtime.CompilerServices;
using Grains.Abstractions;
using Grains.Abstractions.Questions;

namespace Grains.Tests.Web;

/// <summary>Statistics of a site that was never visited: every count is a formula of the clock, so that numbers move, add up, and need no memory.</summary>
internal sealed class MovingStatistics(TimeProvider clock, int courses = 400, double viewsPerSecond = 900) : ICourseStatistics
{
    private static readonly (string Value, double Share)[] Browsers =
        [("Chrome", .41), ("Mobile Safari", .17), ("Chrome Mobile", .12), ("Edge", .09), ("Firefox", .07), ("Safari", .05), ("WeChat", .04), ("Samsung Internet", .03), ("QQ Browser", .02)];

    private static readonly (string Value, double Share)[] Systems = [("Windows", .44), ("iOS", .21), ("Android", .17), ("Mac OS X", .12), ("Linux", .04), ("HarmonyOS", .02)];
    private static readonly (string Value, double Share)[] Devices = [("desktop", .6), ("mobile", .35), ("tablet", .05)];

    private static readonly (string Value, double Share)[] Regions =
        [("CN", .46), ("US", .13), ("IN", .09), ("DE", .07), ("JP", .06), ("BR", .05), ("GB", .04), ("FR", .03), ("KR", .03), ("ZZ", .02), ("NL", .01), ("LAN", .01)];

    private static readonly (string Value, double Share)[] Sources =
        [("direct", .55), ("baidu", .16), ("google", .1), ("internal", .08), ("bing", .05), ("sogou", .03), ("referral", .02), ("so", .01)];

    private readonly DateTimeOffset _began = clock.GetUtcNow().AddHours(-30);
    private readonly double _weights = Enumerable.Range(1, courses).Sum(Weight);

    /// <summary>Whether questions are answered at all.</summary>
    public bool IsReachable { get; set; } = true;

    public ValueTask<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question, CancellationToken cancellationToken)
    {
        ThrowIfUnreachable();
        if (!int.TryParse(course.Value, out var number) || number < 1 || number > courses) return ValueTask.FromResult<CourseAnswer?>(null);

        var now = Now();
        WindowViews Window(WindowSpan span) => WindowOf(span, now, question.UtcOffset, (start, end) => Views(number, start, end));
        var of = Window(question.Of);
        return ValueTask.FromResult<CourseAnswer?>(new CourseAnswer(
            course,
            new AsOf(now, [new PartitionPosition("demo.log", 0, (long)((now - _began).TotalSeconds * 120))], number % 7, now.Millisecond < 500, TimeSpan.FromMilliseconds(now.Millisecond)),
            [.. Enum.GetValues<WindowSpan>().Select(Window)],
            of,
            [
                Split(Dimension.Client, of.Views, Browsers, question.Top), Split(Dimension.Os, of.Views, Systems, question.Top), Split(Dimension.Device, of.Views, Devices, question.Top),
                Split(Dimension.Region, of.Views, Regions, question.Top), Split(Dimension.Source, of.Views, Sources, question.Top),
            ],
            question.Resolution == WindowSpan.AllTime ? null : Series(number, now, question)));
    }

    public ValueTask<TopAnswer> TopAsync(TopQuestion question, CancellationToken cancellationToken)
    {
        ThrowIfUnreachable();
        var now = Now();
        var all = new List<CourseViews>();
        var window = WindowOf(question.Of, now, TimeSpan.Zero, (start, end) =>
        {
            for (var number = 1; number <= courses; number++)
            {
                if (Views(number, start, end) is > 0 and var views && CourseId.TryParse($"{number}", out var course)) all.Add(new CourseViews(course, views));
            }

            return all.Sum(course => course.Views);
        });
        var top = all.OrderByDescending(course => course.Views).ThenBy(course => course.Course.Value, StringComparer.Ordinal).Take(question.Count);
        return ValueTask.FromResult(new TopAnswer(window, [.. top], all.Count));
    }

    public ValueTask<ServiceStatus> StatusAsync(CancellationToken cancellationToken)
    {
        ThrowIfUnreachable();
        var now = Now();
        var kept = (long)((now - _began).TotalSeconds * viewsPerSecond);
        return ValueTask.FromResult(new ServiceStatus(
            _began, kept + (kept / 4) + (kept / 900), kept,
            new Dictionary<string, long> { ["status"] = kept / 16, ["method"] = kept / 26, ["page"] = (kept / 4) - (kept / 16) - (kept / 26) },
            new Dictionary<string, long> { ["no time"] = kept / 900 }, [], now, courses, viewsPerSecond * 1.25,
            [new PartitionStatus("demo.log", 0, kept * 130, (kept * 130) - 83_200, 4_096 + (now.Millisecond * 7), 83_200, "By")]));
    }

    public async IAsyncEnumerable<ExportRow> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return new ExportRow("1", 0, "views", "", Views(1, _began, Now()));
    }

    private static double Weight(int number) => 1 / Math.Pow(number, .8);

    private static DimensionAnswer Split(Dimension dimension, long views, (string Value, double Share)[] shares, int top)
    {
        ValueViews[] values = [.. shares.Select(share => new ValueViews(share.Value, (long)(views * share.Share))).Where(value => value.Views > 0).OrderByDescending(value => value.Views).Take(top)];
        return new DimensionAnswer(dimension, values, views - values.Sum(value => value.Views));
    }

    private static WindowViews WindowOf(WindowSpan span, DateTimeOffset now, TimeSpan offset, Func<DateTimeOffset, DateTimeOffset, long> views)
    {
        if (span == WindowSpan.AllTime) return new WindowViews(span, DateTimeOffset.UnixEpoch, now, views(DateTimeOffset.UnixEpoch, now));

        var width = Seconds(span);
        var shift = span == WindowSpan.Day ? (long)offset.TotalSeconds : 0;
        var start = ((now.ToUnixTimeSeconds() + shift) / width * width) - shift;
        var (from, to) = (DateTimeOffset.FromUnixTimeSeconds(start), DateTimeOffset.FromUnixTimeSeconds(start + width));
        return new WindowViews(span, from, to, views(from, now));
    }

    private static int Seconds(WindowSpan span) => span switch
    {
        WindowSpan.Second => 1,
        WindowSpan.Minute => 60,
        WindowSpan.TenMinutes => 600,
        WindowSpan.Hour => 3600,
        _ => 86400,
    };

    private ViewSeries Series(int number, DateTimeOffset now, CourseQuestion question)
    {
        var step = Seconds(question.Resolution);
        var end = ((now.ToUnixTimeSeconds() / step) + 1) * step;
        var start = DateTimeOffset.FromUnixTimeSeconds(end - ((long)step * question.Points));
        long[] views = [.. Enumerable.Range(0, question.Points).Select(i => Views(number, start.AddSeconds((long)step * i), Earlier(start.AddSeconds((long)step * (i + 1)), now)))];
        return new ViewSeries(question.Resolution, start, step, views);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private DateTimeOffset Now() => clock.GetUtcNow();

    private long Views(int number, DateTimeOffset from, DateTimeOffset to) => Math.Max(0, Total(number, to) - Total(number, from));

    /// <summary>Views of a course from the beginning on: its share of the site, with waves of a minute, a quarter of an hour and a day of its own.</summary>
    private long Total(int number, DateTimeOffset until)
    {
        var t = Math.Max(0, (until - _began).TotalSeconds);
        double Wave(double period, double depth) => depth * period / Math.Tau * Math.Sin((t / period * Math.Tau) + (number * 2.4));
        return (long)(viewsPerSecond * Weight(number) / _weights * (t + Wave(7, .3) + Wave(61, .35) + Wave(930, .3) + Wave(86_400, .05)));
    }

    private void ThrowIfUnreachable()
    {
        if (!IsReachable) throw new TimeoutException("The statistics are out of reach.");
    }
}
