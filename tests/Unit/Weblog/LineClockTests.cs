using System.Globalization;
using System.Text;
using CsCheck;
using Grains.Weblog.Lines;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class LineClockTests
{
    [Theory]
    [InlineData("01/Jan/1970:00:00:00 +0000", 0L)]
    [InlineData("23/Nov/2026:10:15:32 +0000", 1795428932L)]
    [InlineData("23/Nov/2026:10:15:32 +0800", 1795428932L - 28800)]
    [InlineData("23/Nov/2026:10:15:32 -0330", 1795428932L + 12600)]
    [InlineData("29/Feb/2028:23:59:59 +0000", 1835481599L)]
    [InlineData("07/Feb/2106:06:27:00 +0000", 4294967220L)]
    public void Time_of_a_combined_line_is_seconds_of_utc(string text, long seconds) => Assert.Equal(seconds, ReadClf(new(TimeSpan.Zero), text));

    [Theory]
    [InlineData("29/Feb/2026:00:00:00 +0000")]
    [InlineData("00/Jan/2026:00:00:00 +0000")]
    [InlineData("01/jan/2026:00:00:00 +0000")]
    [InlineData("01/Jan/2026:24:00:00 +0000")]
    [InlineData("01/Jan/2026:00:60:00 +0000")]
    [InlineData("01/Jan/2026:00:00:60 +0000")]
    [InlineData("01/Jan/2026:00:00:00 +2400")]
    [InlineData("01/Jan/2026:00:00:00 +1401")]
    [InlineData("01/Jan/2026:00:00:00 *0000")]
    [InlineData("01/Jan/2026 00:00:00 +0000")]
    [InlineData("31/Dec/1969:23:59:59 +0000")]
    [InlineData("08/Feb/2106:06:28:16 +0000")]
    [InlineData("01/Jan/2026:00:00:0a +0000")]
    public void Time_that_is_none_is_refused_by_a_clock_that_knows_nothing_and_by_one_that_does(string text)
    {
        var clock = new LineClock(TimeSpan.Zero);
        Assert.Null(ReadClf(clock, text));
        Assert.Equal(1767225600L, ReadClf(clock, "01/Jan/2026:00:00:00 +0000"));
        Assert.Null(ReadClf(clock, text));
    }

    [Fact]
    public void Bytes_that_were_never_written_are_no_time()
    {
        // All zero but for the two digits of the second: what a minute that was never read looks like.
        Assert.Null(ReadClf(new(TimeSpan.Zero), new string('\0', 18) + "12" + new string('\0', 6)));
        Assert.False(new LineClock(TimeSpan.Zero).TryReadLocal(Encoding.ASCII.GetBytes(new string('\0', 17) + "12"), out _));
    }

    [Fact]
    public void Time_is_what_the_framework_reads_whatever_was_read_before()
    {
        var clock = new LineClock(TimeSpan.FromHours(8));
        var second = Gen.Long[0, uint.MaxValue - 100_000L];
        var minutes = Gen.Int[-14 * 60, 14 * 60];
        // Pairs that are near each other meet the remembered minutes.
        Gen.Select(second, Gen.Int[-90, 90], minutes).Sample((start, near, offset) =>
        {
            foreach (var seconds in (long[])[start, Math.Clamp(start + near, 0, uint.MaxValue - 60L), start])
            {
                var time = DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromMinutes(offset));
                var clf = time.ToString("dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture).Remove(24, 1);
                Assert.Equal(seconds, ReadClf(clock, clf));

                var local = DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
                Assert.True(clock.TryReadLocal(Encoding.ASCII.GetBytes(local), out var read), local);
                Assert.Equal(seconds, read);
            }
        }, iter: 20_000, threads: 1);
    }

    private static long? ReadClf(LineClock clock, string text) => clock.TryReadClf(Encoding.ASCII.GetBytes(text), out var seconds) ? seconds : null;
}
