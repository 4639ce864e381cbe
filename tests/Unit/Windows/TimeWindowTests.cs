using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Windows;
using Xunit;

namespace Grains.Tests.Unit.Windows;

public sealed class TimeWindowTests
{
    private static readonly long AsOf = new DateTimeOffset(2026, 11, 25, 17, 34, 56, TimeSpan.Zero).ToUnixTimeSeconds();

    [Theory]
    [InlineData(WindowSpan.Second, "2026-11-25T17:34:56Z", "2026-11-25T17:34:57Z")]
    [InlineData(WindowSpan.Minute, "2026-11-25T17:34:00Z", "2026-11-25T17:35:00Z")]
    [InlineData(WindowSpan.TenMinutes, "2026-11-25T17:30:00Z", "2026-11-25T17:40:00Z")]
    [InlineData(WindowSpan.Hour, "2026-11-25T17:00:00Z", "2026-11-25T18:00:00Z")]
    [InlineData(WindowSpan.Day, "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z")]
    [InlineData(WindowSpan.AllTime, "1970-01-01T00:00:00Z", "2026-11-25T17:34:57Z")]
    public void A_window_begins_at_a_multiple_of_its_length(WindowSpan span, string start, string end) => Assert.Equal(Window(start, end), TimeWindow.Of(span, AsOf));

    [Theory]
    [InlineData("08:00", "2026-11-25T16:00:00Z", "2026-11-26T16:00:00Z")]
    [InlineData("05:45", "2026-11-24T18:15:00Z", "2026-11-25T18:15:00Z")]
    [InlineData("-08:00", "2026-11-25T08:00:00Z", "2026-11-26T08:00:00Z")]
    public void A_day_begins_at_midnight_of_the_asker(string offset, string start, string end) =>
        Assert.Equal(Window(start, end), TimeWindow.Of(WindowSpan.Day, AsOf, TimeSpan.Parse(offset, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void An_offset_of_seconds_is_misuse() => Assert.Throws<ArgumentOutOfRangeException>(() => TimeWindow.Of(WindowSpan.Day, AsOf, TimeSpan.FromSeconds(1)));

    [Fact]
    public void Points_end_with_the_window_of_the_newest_event() =>
        Assert.Equal(Window("2026-11-25T16:35:00Z", "2026-11-25T17:35:00Z"), TimeWindow.Of(WindowSpan.Minute, 60, AsOf));

    [Fact]
    public void Every_fault_of_the_settings_is_told()
    {
        var settings = new WindowSettings { AllowedLateness = TimeSpan.FromSeconds(119), Cached = TimeSpan.FromSeconds(-1) };

        Assert.Equal(2, settings.Faults().Count());
        Assert.Contains("00:01:59", Assert.Throws<ArgumentException>(() => new WindowRules(new CourseVocabulary(), settings)).Message, StringComparison.Ordinal);
        Assert.Empty(new WindowSettings().Faults());
    }

    private static TimeWindow Window(string start, string end) => new(Seconds(start), Seconds(end));

    private static long Seconds(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
