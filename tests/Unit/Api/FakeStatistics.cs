using System.Runtime.CompilerServices;
using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Xunit;

namespace Grains.Tests.Unit.Api;

/// <summary>Answers what a test tells it to, and keeps what it was asked. Course 112 is known, no other.</summary>
internal sealed class FakeStatistics : ICourseStatistics
{
    public static readonly DateTimeOffset EventTime = new(2026, 11, 23, 10, 15, 32, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<CourseQuestion> _questions = [];

    /// <summary>Views of all time of course 112.</summary>
    public long Views { get; set; } = 123;

    /// <summary>Thrown by every question instead of an answer.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What an export has; an exception in the place of a row is thrown there.</summary>
    public IReadOnlyList<object> Rows { get; set; } = [];

    public TopQuestion? TopQuestion { get; private set; }

    public CourseQuestion[] Questions
    {
        get
        {
            lock (_gate) return [.. _questions];
        }
    }

    public ValueTask<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question, CancellationToken cancellationToken)
    {
        lock (_gate) _questions.Add(question);
        if (Failure is not null) throw Failure;
        if (course.Value != "112") return ValueTask.FromResult<CourseAnswer?>(null);

        var hour = new WindowViews(WindowSpan.Hour, At("10:00:00"), At("11:00:00"), 40);
        return ValueTask.FromResult<CourseAnswer?>(new CourseAnswer(
            course,
            new AsOf(EventTime, [new PartitionPosition("access.log", 0, 77)], 2, false, TimeSpan.FromMilliseconds(1500)),
            [
                new WindowViews(WindowSpan.Second, At("10:15:32"), At("10:15:33"), 1),
                new WindowViews(WindowSpan.Minute, At("10:15:00"), At("10:16:00"), 2),
                new WindowViews(WindowSpan.TenMinutes, At("10:10:00"), At("10:20:00"), 10),
                hour,
                new WindowViews(WindowSpan.Day, At("00:00:00"), At("00:00:00").AddDays(1), 60),
                new WindowViews(WindowSpan.AllTime, DateTimeOffset.UnixEpoch, EventTime, Views),
            ],
            hour,
            [
                new DimensionAnswer(Dimension.Client, [new ValueViews("Chrome", 30), new ValueViews("Firefox", 6)], 4),
                new DimensionAnswer(Dimension.Os, [new ValueViews("Windows", 40)], 0),
                new DimensionAnswer(Dimension.Device, [new ValueViews("desktop", 40)], 0),
                new DimensionAnswer(Dimension.Region, [new ValueViews("CN", 39), new ValueViews("ZZ", 1)], 0),
                new DimensionAnswer(Dimension.Source, [new ValueViews("direct", 40)], 0),
            ],
            question.Resolution == WindowSpan.AllTime ? null : new ViewSeries(question.Resolution, At("10:14:00"), 60, [7, 2])));
    }

    public ValueTask<TopAnswer> TopAsync(TopQuestion question, CancellationToken cancellationToken)
    {
        TopQuestion = question;
        if (Failure is not null) throw Failure;

        Assert.True(CourseId.TryParse("112", out var course));
        return ValueTask.FromResult(new TopAnswer(new WindowViews(question.Of, At("10:00:00"), At("11:00:00"), 99), [new CourseViews(course, Views)], 5));
    }

    public ValueTask<ServiceStatus> StatusAsync(CancellationToken cancellationToken)
    {
        if (Failure is not null) throw Failure;

        return ValueTask.FromResult(new ServiceStatus(
            At("09:00:00"), 100, 80, new Dictionary<string, long> { ["method"] = 3, ["status"] = 7 }, new Dictionary<string, long> { ["no time"] = 10 },
            [new RefusedSample("access.log", 0, 5, "no time", @"\x00")], EventTime, 5, 12.34, [new PartitionStatus("access.log", 0, 1000, 900, 50, 100, "By")]));
    }

    public async IAsyncEnumerable<ExportRow> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var row in Rows)
        {
            if (row is Exception failure) throw failure;
            yield return (ExportRow)row;
        }
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-11-23T{time}Z", System.Globalization.CultureInfo.InvariantCulture);
}
