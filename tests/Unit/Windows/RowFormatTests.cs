using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Xunit;

namespace Grains.Tests.Unit.Windows;

/// <summary>Stored rows are read for ever: these bytes may be added to by a new format byte, and never change.</summary>
public sealed class RowFormatTests
{
    private static readonly NamedView[] Views =
    [
        Course.ChromeInChina,
        Course.ChromeInChina with { Time = Course.Start + 1, Region = "DE", Source = "baidu" },
        Course.ChromeInChina with { Time = Course.Start + 130, Browser = "Lynx", Os = "BeOS" },
        Course.ChromeInChina with { Time = Course.Start + 600 },
        Course.ChromeInChina with { Time = Course.Start + 719, Browser = "Safari", Os = "Mac OS X", Region = "other", Source = "Gopher" },
        Course.ChromeInChina with { Time = Course.Start + 720, Device = "Lynx" },
    ];

    [Fact]
    public void The_history_row_of_format_one_stays_as_it_is()
    {
        var (_, closed) = Course.With(new CourseVocabulary(), Views).Saved();

        var block = Assert.Single(closed);
        Assert.Equal(Course.Start / 600, block.Block);
        Assert.Equal(Golden.HistoryRow, Convert.ToHexStringLower(block.Row.Span));
    }

    [Fact]
    public void The_snapshot_row_of_format_one_stays_as_it_is()
    {
        var course = Course.With(new CourseVocabulary(), Views);

        Assert.Equal(Golden.SnapshotRow, Convert.ToHexStringLower(course.Saved().Row));
    }

    [Fact]
    public void The_snapshot_row_of_format_one_with_a_block_left_out_stays_as_it_is()
    {
        var course = Course.With(new CourseVocabulary(), Views);
        course.Sealed(Assert.Single(course.Saved().Closed).Block);

        Assert.Equal(Golden.SnapshotRowWithBlockLeftOut, Convert.ToHexStringLower(course.Saved().Row));
    }

    [Fact]
    public void The_same_views_give_the_same_bytes_whatever_their_order_and_ids()
    {
        var vocabulary = new CourseVocabulary();
        vocabulary.Browsers.Intern("Aaa");
        foreach (var view in Views.Reverse()) vocabulary.Sources.Intern(view.Source + "!");
        foreach (var view in Views.Reverse()) view.In(vocabulary);

        // The last block is open: within it order makes no difference at all.
        var course = Course.With(vocabulary, [Views[2], Views[1], Views[0], Views[5], Views[4], Views[3]]);
        var other = Course.With(new CourseVocabulary(), Views);

        Assert.Equal(other.Saved().Row, course.Saved().Row);
        Assert.Equal(other.Saved().Closed[0].Row.ToArray(), course.Saved().Closed[0].Row.ToArray());
    }

    [Fact]
    public void A_name_stands_once_in_a_history_row()
    {
        var vocabulary = new CourseVocabulary();
        var course = Course.New(vocabulary);
        for (var i = 0u; i < 100; i++)
        {
            course.Apply([(Course.ChromeInChina with { Time = Course.Start + (6 * i), Browser = "A browser with a long name", Os = $"{i}" }).In(vocabulary)]);
        }

        course.Apply([(Course.ChromeInChina with { Time = Course.Start + 720 }).In(vocabulary)]);
        var row = System.Text.Encoding.Latin1.GetString(Assert.Single(course.Saved().Closed).Row.Span);

        Assert.Equal(2, row.Split("A browser with a long name").Length);
    }

    [Fact]
    public void The_rows_of_format_one_are_read()
    {
        Assert.Equal(6, Course.Load(new CourseVocabulary(), Convert.FromHexString(Golden.SnapshotRow)).Views);

        var course = Course.Load(new CourseVocabulary(), Convert.FromHexString(Golden.SnapshotRowWithBlockLeftOut));
        course.Restore(Course.Start / 600, Convert.FromHexString(Golden.HistoryRow));
        var window = course.View().Fold(WindowSpan.TenMinutes, Course.Start, TimeSpan.Zero, []);

        Assert.Equal(6, course.Views);
        Assert.Equal([new("Chrome", 2), new("Lynx", 1)], window.Of(Dimension.Client, 9).Values);
        Assert.Equal([new("Windows", 2), new("BeOS", 1)], window.Of(Dimension.Os, 9).Values);
        Assert.Equal([new("desktop", 3)], window.Of(Dimension.Device, 9).Values);
        Assert.Equal([new("CN", 2), new("DE", 1)], window.Of(Dimension.Region, 9).Values);
        Assert.Equal([new("direct", 2), new("baidu", 1)], window.Of(Dimension.Source, 9).Values);
        Assert.Equal([1L, 1L], course.View().Series(WindowSpan.Second, 120, Course.Start + 720, TimeSpan.Zero, []).Views.Where(views => views > 0));
    }

    private static class Golden
    {
        public const string HistoryRow =
            "11020442654f53044c796e78050201020301020201010402010202860103010122010102020301010601019d7d2d58";

        public const string SnapshotRow =
            "21d08324690000000002e0b8b3012a020442654f53044c796e780502010203010202010104020102028601030101220101020203010106010101320206476f70686572044c796e780701010103040402010100040304010606020201020002018601050101020102010105010103000101017701cdc720e9";

        public const string SnapshotRowWithBlockLeftOut =
            "21d083246900e1b8b30121020442654f53044c796e780103020301020101040202028601022201020202060101010301e1b8b301320206476f70686572044c796e7807010101030404020101000403040106060202010200020186010501010201020101050101030001010177017cb20436";
    }
}
