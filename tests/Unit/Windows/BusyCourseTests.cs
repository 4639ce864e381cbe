using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Xunit;

namespace Grains.Tests.Unit.Windows;

public sealed class BusyCourseTests
{
    private readonly CourseVocabulary _vocabulary = new();

    [Fact]
    public void A_minute_of_very_many_values_counts_each_of_them()
    {
        var events = new CourseEvent[60_000];
        ushort[] browsers = [.. Enumerable.Range(0, 500).Select(i => _vocabulary.Browsers.Intern($"browser {i}"))];
        for (var i = 0; i < events.Length; i++)
        {
            var agent = _vocabulary.Agents.Intern(new CourseAgent(browsers[i % 500], (ushort)(i % 7), (ushort)(i % 3)));
            events[i] = new CourseEvent(Course.Start + (uint)(i % 60), agent, (ushort)(i % 600), (ushort)(i % 16));
        }

        var course = Course.New(_vocabulary);
        course.Apply(events);
        course = Course.Load(_vocabulary, course.Saved().Row);

        var view = course.View();
        var fold = view.Fold(WindowSpan.Minute, Course.Start, TimeSpan.Zero, []);
        Assert.Equal(Enumerable.Repeat(120L, 500), fold.Of(Dimension.Client, 1000).Values.Select(value => value.Views));
        Assert.Equal(Enumerable.Repeat(100L, 600), fold.Of(Dimension.Region, 1000).Values.Select(value => value.Views));
        Assert.Equal(60_000, fold.Of(Dimension.Os, 0).Rest);
        Assert.Equal(Enumerable.Repeat(1000L, 60), view.Series(WindowSpan.Second, 60, Course.Start + 59, TimeSpan.Zero, []).Views);
    }

    [Fact]
    public void Counting_allocates_nothing_once_the_minute_has_its_size()
    {
        var random = new Random(1);
        CourseEvent[] events = [.. Enumerable.Range(0, 1000).Select(i => NamedView.Draw(Course.Start + (uint)(i % 60), random).In(_vocabulary))];
        var course = Course.New(_vocabulary);
        var missing = new List<long>();
        course.Apply(events);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            course.Missing(events, missing);
            course.Apply(events);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(101_000, course.Views);
    }

    [Fact]
    public void Comparing_courses_allocates_nothing()
    {
        var course = Course.With(_vocabulary, Course.ChromeInChina, Course.ChromeInChina with { Time = Course.Start + 1800 });
        course.Saved();
        course.ViewsIn(WindowSpan.Hour, Course.Start + 1800);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var views = course.ViewsIn(WindowSpan.Hour, Course.Start + 1800) + course.ViewsIn(WindowSpan.Second, Course.Start + 1800);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3, views);
    }

    [Fact]
    public void Single_seconds_of_a_busy_course_are_forgotten_when_two_whole_minutes_have_passed()
    {
        var random = new Random(1);
        var course = Course.New(_vocabulary);
        for (var second = 0u; second < 600; second++)
        {
            course.Apply([.. Enumerable.Range(0, 20).Select(_ => NamedView.Draw(Course.Start + second, random).In(_vocabulary))]);
        }

        var newest = Course.Start + 599;
        Assert.Equal(Enumerable.Repeat(20L, 120), course.View().Series(WindowSpan.Second, 120, newest, TimeSpan.Zero, []).Views);
        Assert.Equal(0, course.ViewsIn(WindowSpan.Second, newest - 300));

        course.Apply([NamedView.Draw(newest + 100_000, random).In(_vocabulary)]);
        Assert.Equal(1, course.View().Series(WindowSpan.Second, 120, newest + 100_000, TimeSpan.Zero, []).Views.Sum());
    }
}
