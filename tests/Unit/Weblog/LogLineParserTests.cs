using Grains.Abstractions;
using Grains.Weblog;
using Grains.Weblog.Traffic;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class LogLineParserTests : IDisposable
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Combined = "8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 5123 \"https://www.baidu.com/s?wd=spark\" \"" + Chrome + "\"";
    private const string Tabbed = "8.8.8.8\t2026-11-23 10:15:32\t\"GET /class/112.html HTTP/1.1\"\t200\t-";

    private readonly TestParsers _parsers = new();

    public void Dispose() => _parsers.Dispose();

    [Fact]
    public void Combined_line_is_a_view_with_all_its_dimensions()
    {
        var line = _parsers.Parse(Combined);

        Assert.Equal(LineOutcome.Kept, line.Outcome);
        Assert.Equal("112", line.Course);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 15, 32, TimeSpan.Zero), line.Time);
        Assert.Equal(("Chrome", "Windows", "desktop", "US", "baidu"), (line.Browser, line.System, line.Device, line.Region, line.Source));
    }

    [Fact]
    public void Common_line_has_no_agent_and_no_source()
    {
        var line = _parsers.Parse("8.8.8.8 - frank [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.0\" 200 2326");

        Assert.Equal((LineOutcome.Kept, "112", "Other", "unknown", "direct"), (line.Outcome, line.Course, line.Browser, line.Device, line.Source));
    }

    [Theory]
    [InlineData(Tabbed, "Other", "direct")]
    [InlineData("8.8.8.8\t2026-11-23 10:15:32\t\"GET /class/112.html HTTP/1.1\"\t200\thttps://www.sogou.com/web?query=Spark SQL实战", "Other", "sogou")]
    [InlineData("8.8.8.8\t2026-11-23 10:15:32\t\"GET /class/112.html HTTP/1.1\"\t200\t_\t" + Chrome, "Chrome", "direct")]
    [InlineData("8.8.8.8\t2026-11-23 10:15:32\t\"GET /class/112.html HTTP/1.1\"\t200\t-\t\"" + Chrome + "\"\tmore", "Chrome", "direct")]
    public void Tabbed_line_may_have_an_agent(string text, string browser, string source)
    {
        var line = _parsers.Parse(text);

        Assert.Equal((LineOutcome.Kept, "112", browser, source, "US"), (line.Outcome, line.Course, line.Browser, line.Source, line.Region));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 15, 32, TimeSpan.Zero), line.Time);
    }

    [Fact]
    public void Local_time_of_a_tabbed_line_is_that_of_the_options()
    {
        using var shanghai = new TestParsers(options => options.LocalTimeOffset = TimeSpan.FromHours(8));

        Assert.Equal(new DateTimeOffset(2026, 11, 23, 2, 15, 32, TimeSpan.Zero), shanghai.Parse(Tabbed).Time);
    }

    [Theory]
    [InlineData("\"-\" \"" + Chrome + "\"")]
    [InlineData("\"-\" \"" + Chrome + "\" \"203.0.113.5\"")]
    [InlineData("\"-\" \"" + Chrome + "\" rt=0.172 \"x\"")]
    [InlineData("\"-\" \"" + Chrome + "\"\r")]
    [InlineData("\"http://a.example/?q=\\\"b\\\"\" \"" + Chrome + "\"")]
    [InlineData("\"http://a.example/\\\" \"" + Chrome + "\"")]
    public void Quoted_fields_may_have_escapes_and_followers(string quoted)
    {
        var line = _parsers.Parse("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 5123 " + quoted);

        Assert.Equal((LineOutcome.Kept, "Chrome"), (line.Outcome, line.Browser));
    }

    [Theory]
    [InlineData("curl/8.1 \\\"quoted\\\" x")]
    [InlineData("curl/8.1 \\x22quoted\\x22")]
    [InlineData("curl/8.1 \\\\")]
    public void Quote_in_an_agent_is_part_of_it(string agent)
    {
        var line = _parsers.Parse($"8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 - \"-\" \"{agent}\"");

        Assert.Equal((LineOutcome.Kept, "curl", "bot"), (line.Outcome, line.Browser, line.Device));
    }

    [Theory]
    [InlineData("", LineOutcome.Empty)]
    [InlineData("\r", LineOutcome.Empty)]
    [InlineData("hello", LineOutcome.NoFormat)]
    [InlineData("\0\0\0\0\0\0\0\0", LineOutcome.NoFormat)]
    [InlineData("8.8.8.8 - - 23/Nov/2026", LineOutcome.NoFormat)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000", LineOutcome.BadTime)]
    [InlineData("8.8.8.8 - - [32/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-\"", LineOutcome.BadTime)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-\"", LineOutcome.BadTime)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:13:00:01 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-\"", LineOutcome.FutureTime)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"-\" 408 - \"-\" \"-\"", LineOutcome.BadRequest)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html", LineOutcome.BadRequest)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/1\t2.html HTTP/1.1\" 200 1 \"-\" \"-\"", LineOutcome.BadRequest)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 2000 1 \"-\" \"-\"", LineOutcome.BadStatus)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 x \"-\" \"-\"", LineOutcome.BadStatus)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-", LineOutcome.BadQuotes)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\"", LineOutcome.BadQuotes)]
    [InlineData("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-\"x", LineOutcome.BadQuotes)]
    [InlineData("8.8.8.888 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-\"", LineOutcome.BadAddress)]
    [InlineData("8:8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-\"", LineOutcome.BadAddress)]
    [InlineData("8.8.8.8\t2026-11-23 10:15:32\tGET /class/112.html\t200\t-", LineOutcome.BadRequest)]
    [InlineData("8.8.8.8\t2026-13-23 10:15:32\t\"GET /class/112.html HTTP/1.1\"\t200\t-", LineOutcome.BadTime)]
    [InlineData("8.8.8.8\t2026-11-23 10:15:32\t\"GET /class/112.html HTTP/1.1\"\tOK\t-", LineOutcome.BadStatus)]
    public void Line_that_is_not_understood_is_refused_with_its_reason(string text, LineOutcome reason)
    {
        var parser = _parsers.Create();
        // The format is known from a line before; without one, the reason is that there is none.
        _parsers.Parse(parser, text.Contains('\t') && !text.Contains('[') ? Tabbed : Combined);

        var line = _parsers.Parse(parser, text);

        Assert.Equal((reason, ""), (line.Outcome, line.Course));
        Assert.True(LineOutcomes.IsRefusal(line.Outcome));
    }

    [Fact]
    public void Reason_is_the_format_until_one_line_was_understood()
    {
        Assert.Equal(LineOutcome.NoFormat, _parsers.Parse("8.8.8.8 - - [32/Nov/2026:10:15:32 +0000] \"GET / HTTP/1.1\" 200 1").Outcome);
    }

    [Fact]
    public void Line_longer_than_the_limit_is_refused_and_one_as_long_is_not()
    {
        using var parsers = new TestParsers(options => options.MaxLineBytes = Combined.Length);

        Assert.Equal(LineOutcome.Kept, parsers.Parse(Combined).Outcome);
        Assert.Equal(LineOutcome.TooLong, parsers.Parse(Combined + " ").Outcome);
    }

    [Fact]
    public void Source_may_change_its_format_and_change_back()
    {
        var parser = _parsers.Create();
        foreach (var text in (string[])[Combined, Tabbed, Tabbed, Combined, "junk", Tabbed])
        {
            Assert.Equal(text == "junk" ? LineOutcome.NoFormat : LineOutcome.Kept, _parsers.Parse(parser, text).Outcome);
        }
    }

    [Fact]
    public void Source_that_is_said_to_have_a_format_has_no_other()
    {
        using var parsers = new TestParsers(options => options.Format = LogFormat.Tabbed);

        Assert.Equal(LineOutcome.Kept, parsers.Parse(Tabbed).Outcome);
        Assert.Equal(LineOutcome.NoFormat, parsers.Parse(Combined).Outcome);
    }

    [Fact]
    public void Future_is_what_lies_beyond_the_clock_and_its_tolerance_as_time_goes_on()
    {
        var parser = _parsers.Create();
        const string AtOneOClock = "8.8.8.8 - - [23/Nov/2026:13:00:01 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"-\" \"-\"";
        Assert.Equal(LineOutcome.Kept, _parsers.Parse(parser, AtOneOClock.Replace(":01 ", ":00 ", StringComparison.Ordinal)).Outcome);
        Assert.Equal(LineOutcome.FutureTime, _parsers.Parse(parser, AtOneOClock).Outcome);

        _parsers.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(LineOutcome.Kept, _parsers.Parse(parser, AtOneOClock).Outcome);
    }

    [Theory]
    [InlineData("-", "ZZ")]
    [InlineData("crawl-1.example.net", "ZZ")]
    [InlineData("10.0.0.1", "LAN")]
    [InlineData("192.168.7.7", "LAN")]
    [InlineData("127.0.0.1", "LAN")]
    [InlineData("::1", "LAN")]
    [InlineData("fd12:3456::1", "LAN")]
    [InlineData("::ffff:8.8.8.8", "US")]
    public void Address_gives_the_region(string address, string region)
    {
        var line = _parsers.Parse(Combined.Replace("8.8.8.8", address, StringComparison.Ordinal));

        Assert.Equal((LineOutcome.Kept, region), (line.Outcome, line.Region));
    }

    [Fact]
    public void Programs_count_unless_they_are_to_be_skipped()
    {
        var googlebot = Combined.Replace(Chrome, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", StringComparison.Ordinal);
        using var strict = new TestParsers(options => options.SkipBots = true);

        Assert.Equal((LineOutcome.Kept, "Googlebot", "bot"), (_parsers.Parse(googlebot).Outcome, _parsers.Parse(googlebot).Browser, _parsers.Parse(googlebot).Device));
        Assert.Equal(LineOutcome.Bot, strict.Parse(googlebot).Outcome);
        Assert.Equal(LineOutcome.Kept, strict.Parse(Combined).Outcome);
    }

    [Fact]
    public void Parsers_of_one_process_understand_alike_at_the_same_time()
    {
        var traffic = new TrafficGenerator(new() { Visitors = 2_000 });
        var buffer = new byte[TrafficGenerator.MaxLineBytes];
        var lines = Enumerable.Range(0, 20_000).Select(i => buffer.AsSpan(0, traffic.Write(i, buffer)).ToArray()).ToArray();
        var views = new CourseEvent[4][];

        Parallel.For(0, views.Length, thread =>
        {
            var parser = _parsers.Create();
            views[thread] = [.. lines.Select(line => parser.Parse(line, out _, out var view) == LineOutcome.Kept ? view : default)];
        });

        Assert.All(views, seen => Assert.Equal(views[0], seen));
    }

    [Fact]
    public void Every_outcome_has_a_name_and_is_one_of_three()
    {
        var outcomes = Enum.GetValues<LineOutcome>();

        Assert.Equal(outcomes.Length, outcomes.Select(LineOutcomes.Name).Except(["unknown"]).Distinct().Count());
        Assert.All(outcomes, outcome => Assert.True((byte)outcome < 64));
        Assert.All(outcomes, outcome => Assert.Equal(1, (outcome == LineOutcome.Kept ? 1 : 0) + (LineOutcomes.IsSkip(outcome) ? 1 : 0) + (LineOutcomes.IsRefusal(outcome) ? 1 : 0)));
    }
}
