using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Windows;
using Xunit;

namespace Grains.Tests.Unit.Windows;

public sealed class LateViewTests
{
    private const long FirstBlock = Course.Start / 600;
    private readonly CourseVocabulary _vocabulary = new();

    [Fact]
    public void A_block_closes_when_the_newest_view_is_the_allowed_lateness_behind_its_end()
    {
        var course = Course.With(_vocabulary, At(0), At(719));
        Assert.Empty(course.Saved().Closed);

        course.Apply([Event(720)]);
        Assert.Equal([FirstBlock], course.Saved().Closed.Select(block => block.Block));
        Assert.Equal(0, course.Late);
    }

    [Fact]
    public void A_closed_block_is_named_by_each_save_until_it_is_sealed()
    {
        var course = Course.With(_vocabulary, At(0), At(720));

        Assert.Equal(course.Saved().Closed[0].Row.ToArray(), course.Saved().Closed[0].Row.ToArray());
        course.Sealed(FirstBlock);
        Assert.Empty(course.Saved().Closed);
        Assert.Equal(2, course.Views);
    }

    [Fact]
    public void A_block_that_changed_after_its_row_was_given_stays_in_the_snapshot()
    {
        var course = Course.With(_vocabulary, At(0), At(720));
        var given = course.Saved().Closed[0].Row.ToArray();
        course.Apply([Event(1)]);
        course.Sealed(FirstBlock);

        var (row, closed) = course.Saved();
        Assert.Equal(FirstBlock, Assert.Single(closed).Block);
        Assert.NotEqual(given, closed[0].Row.ToArray());
        Assert.Equal(1, course.Late);
        Assert.Equal(2, Course.Load(_vocabulary, row).View().WindowAt(WindowSpan.TenMinutes, Course.Start, TimeSpan.Zero, []).Views);
    }

    [Fact]
    public void A_row_that_was_given_is_never_changed()
    {
        var course = Course.With(_vocabulary, At(0), At(720));
        var given = course.Saved().Closed[0].Row;
        var before = given.ToArray();
        course.Sealed(FirstBlock);
        course.Apply([Event(1), Event(2)]);
        course.Saved();

        Assert.Equal(before, given.ToArray());
    }

    [Fact]
    public void A_new_course_never_asks_history_however_late_its_views_are()
    {
        var course = Course.With(_vocabulary, At(100_000));

        Assert.Empty(course.MissingIn(Event(0), Event(90_000)));
        course.Apply([Event(0), Event(90_000)]);
        Assert.Equal(2, course.Late);
    }

    [Fact]
    public void A_block_above_all_that_were_sealed_is_not_asked_of_history_after_a_load()
    {
        var course = Course.With(_vocabulary, At(0), At(720));
        course.Sealed(course.Saved().Closed[0].Block);
        course = Course.Load(_vocabulary, course.Saved().Row);

        Assert.Empty(course.MissingIn(Event(700), Event(720), Event(50_000)));
        Assert.Equal([FirstBlock, FirstBlock - 1], course.MissingIn(Event(1), Event(720), Event(-600), Event(2)));
    }

    [Fact]
    public void Counting_a_view_of_a_block_that_was_not_restored_is_misuse()
    {
        var course = Course.With(_vocabulary, At(0), At(720));
        course.Sealed(course.Saved().Closed[0].Block);
        course = Course.Load(_vocabulary, course.Saved().Row);

        Assert.Throws<InvalidOperationException>(() => course.Apply([Event(1)]));
        Assert.Equal(2, course.Views);
    }

    [Fact]
    public void A_restored_block_counts_on_and_is_given_again()
    {
        var course = Course.With(_vocabulary, At(0), At(720));
        var first = course.Saved().Closed[0];
        course.Sealed(first.Block);
        course = Course.Load(_vocabulary, course.Saved().Row);

        course.Restore(first.Block, first.Row);
        Assert.Empty(course.MissingIn(Event(1)));
        course.Apply([Event(1)]);

        var again = Assert.Single(course.Saved().Closed);
        Assert.Equal(3, course.Views);
        Assert.Equal(2, ViewsOf(again));
        course.Sealed(again.Block);
        Assert.Equal(3, Course.Load(_vocabulary, course.Saved().Row).Views);
    }

    [Fact]
    public void What_found_no_room_for_its_name_leaves_every_total_exact()
    {
        var course = Course.With(_vocabulary, At(0) with { Source = "Gopher", Region = "X1", Device = "watch" }, At(720));
        var first = course.Saved().Closed[0];
        course.Sealed(first.Block);
        var row = course.Saved().Row;

        // The next process has no room for these names, and writes the sum of what was left out without them; the one after that has room again.
        var full = new CourseVocabulary();
        Fill(full.Sources);
        Fill(full.Regions);
        Fill(full.Devices);
        var crowded = Course.Load(full, row);
        crowded.Apply([At(1330).In(full)]);
        crowded.Sealed(crowded.Saved().Closed[0].Block);
        row = crowded.Saved().Row;

        course = Course.Load(new CourseVocabulary(), row);
        course.Restore(first.Block, first.Row);
        course.Apply([At(1).In(new CourseVocabulary())]);

        var fold = course.View().Fold(WindowSpan.AllTime, course.Newest, TimeSpan.Zero, []);
        Assert.Equal(4, course.Views);
        foreach (var dimension in Enum.GetValues<Dimension>()) Assert.Equal(4, fold.Of(dimension, int.MaxValue).Values.Sum(value => value.Views));
        Assert.Equal([new("direct", 3), new("Gopher", 1)], fold.Of(Dimension.Source, 9).Values);
        Assert.Equal(4, Course.Load(new CourseVocabulary(), course.Saved().Row).Views);
    }

    private static void Fill(Vocabulary names)
    {
        for (var i = 0; i < 2000; i++) names.Intern($"full {i}");
    }

    private static long ViewsOf(ClosedBlock block)
    {
        var counts = new List<WindowCount>();
        new RowReader(new CourseVocabulary()).ReadBlock(block.Block, block.Row.Span, counts);
        return counts.Where(count => count.Dimension == "views").Sum(count => count.Views);
    }

    private static NamedView At(int seconds) => Course.ChromeInChina with { Time = (uint)(Course.Start + seconds) };

    private CourseEvent Event(int seconds) => At(seconds).In(_vocabulary);
}
