using Grains.Abstractions;
using Grains.Testing;
using Grains.Windows;
using Xunit;

namespace Grains.Tests.Unit.Windows;

/// <summary>Most courses have a few views: a hundred thousand of them must fit.</summary>
[Collection(nameof(CourseSizeTests))]
[CollectionDefinition(nameof(CourseSizeTests), DisableParallelization = true)]
public sealed class CourseSizeTests
{
    private const int Courses = 10_000;

    /// <summary>Minutes between three views: in one minute, one block, two blocks, three blocks of an hour, three days.</summary>
    public static TheoryData<uint> Distances => [0, 3, 7, 20, 1440];

    [Theory]
    [MemberData(nameof(Distances))]
    public void Three_views_take_at_most_110_bytes_of_row(uint minutes)
    {
        var longest = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var vocabulary = new CourseVocabulary();
            var course = Course.With(vocabulary, Three(vocabulary, minutes, new Random(seed)));
            var (row, closed) = course.Saved();
            longest = Math.Max(longest, row.Length);
            foreach (var (block, _) in closed) course.Sealed(block);
            longest = Math.Max(longest, course.Saved().Row.Length);
        }

        TestContext.Current.SendDiagnosticMessage($"{minutes} minutes between: at most {longest} bytes of row");
        Assert.InRange(longest, 1, 110);
    }

    [Theory]
    [MemberData(nameof(Distances))]
    public void Three_views_take_at_most_400_bytes_of_memory(uint minutes)
    {
        var vocabulary = new CourseVocabulary();
        var rules = new WindowRules(vocabulary, new WindowSettings { ClosedBytesInRow = 0 });
        var views = Three(vocabulary, minutes, new Random(1));
        foreach (var view in views) view.In(vocabulary);

        var counted = BytesEach(() => Make(views, saves: 0));
        var saved = BytesEach(() => Make(views, saves: 1));
        var leftOut = BytesEach(() => Make(views, saves: 2));

        TestContext.Current.SendDiagnosticMessage($"{minutes} minutes between: {counted} bytes, saved {saved}, left out {leftOut}");
        Assert.InRange(counted, 1, 400);
        Assert.InRange(saved, 1, 400);
        Assert.InRange(leftOut, 1, 400);

        CourseWindows Make(NamedView[] three, int saves)
        {
            var course = new CourseWindows(rules);
            foreach (var view in three) course.Apply([view.In(vocabulary)]);
            for (var save = 0; save < saves; save++)
            {
                foreach (var (block, _) in course.Saved().Closed) course.Sealed(block);
            }

            return course;
        }
    }

    // The middle of three, since what other tests left behind may go at any moment.
    private static long BytesEach(Func<CourseWindows> make)
    {
        var three = new[] { Measure(make), Measure(make), Measure(make) };
        Array.Sort(three);
        return three[1];
    }

    private static long Measure(Func<CourseWindows> make)
    {
        var courses = new CourseWindows[Courses];
        make();
        var before = Heap.SettledBytes();
        for (var i = 0; i < Courses; i++) courses[i] = make();
        var after = Heap.SettledBytes();
        GC.KeepAlive(courses);
        return (after - before) / Courses;
    }

    /// <summary>Three views with the longest codes there are, nothing of one as in another.</summary>
    private static NamedView[] Three(CourseVocabulary vocabulary, uint minutes, Random random) =>
    [
        .. Enumerable.Range(0, 3).Select(i => new NamedView(
            Course.Start + (60 * minutes * (uint)i) + (uint)random.Next(60),
            vocabulary.Browsers[vocabulary.Browsers.WellKnown - 1 - i],
            vocabulary.OperatingSystems[vocabulary.OperatingSystems.WellKnown - 1 - i],
            vocabulary.Devices[1 + i],
            vocabulary.Regions[vocabulary.Regions.WellKnown - 1 - (i * 100)],
            vocabulary.Sources[1 + i])),
    ];
}
