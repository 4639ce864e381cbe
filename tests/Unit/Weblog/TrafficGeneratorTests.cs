using System.Security.Cryptography;
using System.Text;
using Grains.Weblog;
using Grains.Weblog.Traffic;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class TrafficGeneratorTests
{
    [Fact]
    public void Line_depends_on_the_options_and_its_number_alone()
    {
        var forwards = new TrafficGenerator(new() { Seed = 5 });
        var backwards = new TrafficGenerator(new() { Seed = 5 });
        var other = new TrafficGenerator(new() { Seed = 6 });
        var lines = Enumerable.Range(0, 2_000).Select(i => Line(forwards, i)).ToList();

        Assert.Equal(lines, Enumerable.Range(0, 2_000).Reverse().Select(i => Line(backwards, i)).Reverse());
        Assert.NotEqual(lines, Enumerable.Range(0, 2_000).Select(i => Line(other, i)));
        // Broken lines may be alike.
        Assert.InRange(lines.Distinct().Count(), 1_990, 2_000);
    }

    [Fact]
    public void Lines_that_were_written_once_are_written_the_same_for_ever()
    {
        // A source of generated lines has its position, a number, stored: what the number means must not change with a release.
        var traffic = new TrafficGenerator(new());
        var lines = Enumerable.Range(0, 5_000).Select(i => Line(traffic, i)).Append(Line(traffic, 1_000_000_000_007));

        Assert.Equal("0DCD82D9E9A4D575", Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', lines))))[..16]);
    }

    [Fact]
    public void Event_time_goes_on_with_the_rate()
    {
        var start = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        var traffic = new TrafficGenerator(new() { Start = start, LinesPerSecond = 250 });

        Assert.Equal(start, traffic.TimeOf(0));
        Assert.Equal(start, traffic.TimeOf(249));
        Assert.Equal(start.AddSeconds(1), traffic.TimeOf(250));
        Assert.Equal(start.AddHours(1), traffic.TimeOf(900_000));
        Assert.Equal(0, traffic.LinesBefore(start.AddSeconds(-1)));
        Assert.Equal(900_000, traffic.LinesBefore(start.AddHours(1)));
        Assert.Contains("[23/Nov/2026:01:00:00 +0000]", Line(traffic, 900_000), StringComparison.Ordinal);
    }

    [Fact]
    public void Swing_of_the_day_moves_lines_and_loses_none()
    {
        var start = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        var traffic = new TrafficGenerator(new() { Start = start, LinesPerSecond = 100, DaySwing = 0.5 });

        Assert.Equal(start, traffic.TimeOf(0));
        Assert.InRange(traffic.LinesBefore(start.AddDays(1)), 8_639_999, 8_640_001);
        Assert.Equal(150, traffic.LinesBefore(start.AddHours(7).AddSeconds(1)) - traffic.LinesBefore(start.AddHours(7)), 1.0);
        Assert.Equal(50, traffic.LinesBefore(start.AddHours(19).AddSeconds(1)) - traffic.LinesBefore(start.AddHours(19)), 1.0);
        var last = start;
        for (var line = 0L; line < 8_640_000; line += 9_973)
        {
            var time = traffic.TimeOf(line);
            Assert.True(time >= last, $"line {line} is before the one before it");
            Assert.InRange(line, traffic.LinesBefore(time) - 1, traffic.LinesBefore(time.AddSeconds(1)));
            last = time;
        }
    }

    [Fact]
    public void Traffic_is_that_of_a_course_site()
    {
        using var parsers = new TestParsers(options => options.OwnHosts = [TrafficGenerator.OwnHost]);
        var parser = parsers.Create();
        var traffic = new TrafficGenerator(new());
        var lines = Enumerable.Range(0, 50_000).Select(i => parsers.Parse(parser, Line(traffic, i))).ToList();
        var kept = lines.Where(line => line.Outcome == LineOutcome.Kept).ToList();

        Assert.Equal(lines.Count, kept.Count + lines.Count(line => LineOutcomes.IsSkip(line.Outcome)) + lines.Count(line => LineOutcomes.IsRefusal(line.Outcome)));
        Assert.InRange(kept.Count, 37_000, 40_000);
        Assert.InRange(lines.Count(line => LineOutcomes.IsRefusal(line.Outcome)), 50, 150);
        Assert.InRange(lines.Where(line => LineOutcomes.IsRefusal(line.Outcome)).Select(line => line.Outcome).Distinct().Count(), 4, 10);
        Assert.Equal("112", kept.GroupBy(line => line.Course).MaxBy(course => course.Count())!.Key);
        Assert.InRange(kept.Select(line => line.Course).Distinct().Count(), 900, 1_000);
        Assert.InRange(kept.Select(line => line.Browser).Distinct().Count(), 25, 60);
        Assert.Equal(["bot", "console", "desktop", "mobile", "tablet", "tv", "unknown"], kept.Select(line => line.Device).Distinct().Order());
        Assert.InRange(kept.Count(line => line.Device == "bot"), kept.Count * 0.04, kept.Count * 0.06);
        Assert.InRange(kept.Select(line => line.Source).Distinct().Count(), 13, 16);
        Assert.InRange(kept.Count(line => line.Region == "CN"), kept.Count * 0.30, kept.Count * 0.42);
        Assert.InRange(kept.Select(line => line.Region).Distinct().Count(), 40, 70);
        Assert.InRange(kept.Count(line => line.Region == "ZZ"), 0, kept.Count * 0.02);
    }

    private static string Line(TrafficGenerator traffic, long number)
    {
        var buffer = new byte[TrafficGenerator.MaxLineBytes];
        return Encoding.ASCII.GetString(buffer, 0, traffic.Write(number, buffer));
    }
}
