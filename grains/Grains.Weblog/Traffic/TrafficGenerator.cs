using System.Text;

namespace Grains.Weblog.Traffic;

/// <summary>
/// The access log of a course site that does not exist, in the combined format: courses by Zipf's law, people and crawlers from many countries, search engines, other
/// pages, failures, and a few lines that are broken.
/// </summary>
/// <remarks>
/// Line i is a function of the options and i alone, so the log can be read from anywhere, and again: a source whose positions are line numbers. Safe for concurrent use.
/// </remarks>
public sealed class TrafficGenerator
{
    /// <summary>No line is longer, in bytes.</summary>
    public const int MaxLineBytes = 1_024;

    /// <summary>The host of the site: referrers on it are its own.</summary>
    public const string OwnHost = "www.example.com";

    // A prime above the largest number of courses, so that ranks and ids correspond one to one; the most popular course is 112 where there are that many.
    private const long Scatter = 15_485_863;
    private const double CourseExponent = 1.05;

    private static readonly string[] MonthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    private static readonly byte[][] Months = Bytes(MonthNames);

    private static readonly byte[][] OtherPages = Bytes(
        "/", "/", "/course/list", "/course/list?c=bigdata", "/learn/128", "/learn/747", "/article/3321", "/u/12345/profile", "/search?words=spark", "/static/app.9f3c21.js", "/static/site.41d0.css", "/img/logo.svg", "/favicon.ico", "/robots.txt", "/classroom/1");

    private static readonly byte[][] Words = Bytes(
        "spark+sql", "spark+streaming", "hadoop", "kafka", "flink", "hbase", "orleans", "docker", "kubernetes", "python", "java", "go", "%E5%A4%A7%E6%95%B0%E6%8D%AE", "%E6%9C%BA%E5%99%A8%E5%AD%A6%E4%B9%A0", "vue", "react");

    private static readonly byte[][] OtherSites = Bytes(
        "https://github.com/", "https://stackoverflow.com/questions/46152", "https://www.zhihu.com/question/21277368", "https://juejin.cn/post/7034", "https://www.reddit.com/", "https://news.ycombinator.com/", "https://t.co/a1B2c3", "https://mail.google.com/");

    private readonly TrafficOptions _options;
    private readonly TrafficClock _clock;
    private readonly Shares _courses;
    private readonly Shares _countries = new(TrafficCountries.All.Select(country => country.Weight));

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public TrafficGenerator(TrafficOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked();
        _clock = new(options);
        _courses = Shares.Zipf(options.Courses, CourseExponent);
    }

    /// <summary>The event time of a line, to the second.</summary>
    public DateTimeOffset TimeOf(long line) => DateTimeOffset.FromUnixTimeSeconds(_clock.SecondOf(line));

    /// <summary>How many lines there are before <paramref name="time"/>: a site that is live has written these.</summary>
    public long LinesBefore(DateTimeOffset time) => _clock.LinesBefore(time);

    /// <summary>Writes line number <paramref name="line"/>, without the end of line, and returns its length.</summary>
    /// <param name="line">0 or more.</param>
    /// <param name="destination">At least <see cref="MaxLineBytes"/> long.</param>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    public int Write(long line, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(line);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MaxLineBytes);

        var random = new TrafficRandom(_options.Seed, line);
        var writer = new LineWriter(destination);
        var isBad = random.Fraction() < _options.BadShare;
        var isProgram = random.Fraction() < _options.BotShare;
        // Visitors have random streams of their own: the same one has the same address and agent every time.
        var visitor = new TrafficRandom(~_options.Seed, random.Below(isProgram ? 200 : _options.Visitors));
        var country = WriteAddress(ref writer, ref visitor);
        WriteTime(ref writer, _clock.SecondOf(line));
        WriteRequest(ref writer, ref random);
        WriteReferrer(ref writer, ref random, country, isProgram);
        writer.Write(isProgram ? TrafficAgents.OfPrograms[TrafficAgents.ProgramShares.Pick(visitor.Fraction())] : TrafficAgents.OfPeople[TrafficAgents.People.Pick(visitor.Fraction())]);
        writer.Write("\""u8);
        if (isBad) Spoil(ref writer, ref random, destination);
        return writer.Length;
    }

    private TrafficCountry WriteAddress(ref LineWriter writer, ref TrafficRandom visitor)
    {
        var country = TrafficCountries.All[_countries.Pick(visitor.Fraction())];
        if (country.V6Bytes.Length > 0 && visitor.Below(5) == 0)
        {
            writer.Write(country.V6Bytes[visitor.Below(country.V6Bytes.Length)]);
            for (var part = 0; part < 2; part++) WriteGroup(ref writer, visitor.Below(65_536));
            writer.Write(":"u8);
            WriteGroup(ref writer, 1 + visitor.Below(65_535));
        }
        else
        {
            writer.Write(country.V4Bytes[visitor.Below(country.V4Bytes.Length)]);
            writer.Write("."u8);
            writer.Write(visitor.Below(256));
            writer.Write("."u8);
            writer.Write(1 + visitor.Below(254));
        }

        return country;
    }

    private static void WriteGroup(ref LineWriter writer, int group)
    {
        writer.Write(":"u8);
        writer.WriteHex(group);
    }

    private static void WriteTime(ref LineWriter writer, long second)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(second);
        writer.Write(" - - ["u8);
        writer.WriteTwo(time.Day);
        writer.Write("/"u8);
        writer.Write(Months[time.Month - 1]);
        writer.Write("/"u8);
        writer.Write(time.Year);
        writer.Write(":"u8);
        writer.WriteTwo(time.Hour);
        writer.Write(":"u8);
        writer.WriteTwo(time.Minute);
        writer.Write(":"u8);
        writer.WriteTwo(time.Second);
        writer.Write(" +0000] \""u8);
    }

    private void WriteRequest(ref LineWriter writer, ref TrafficRandom random)
    {
        var kind = random.Below(1_000);
        var course = 1 + (int)(((_courses.Pick(random.Fraction()) * Scatter) + 111) % _options.Courses);
        writer.Write(kind switch { < 30 => "POST "u8, < 50 => "HEAD "u8, _ => "GET "u8 });
        if (kind is >= 50 and < 190) writer.Write(OtherPages[random.Below(OtherPages.Length)]);
        else
        {
            writer.Write("/class/"u8);
            writer.Write(course);
            writer.Write(".html"u8);
            if (random.Below(25) == 0) writer.Write("?from=mail"u8);
        }

        writer.Write(random.Below(4) == 0 ? " HTTP/1.1\" "u8 : " HTTP/2.0\" "u8);
        writer.Write(kind switch { >= 960 and < 980 => "404 "u8, >= 980 and < 987 => "500 "u8, >= 987 => "304 "u8, _ => "200 "u8 });
        writer.Write(kind >= 987 ? 0 : 500 + random.Below(60_000));
        writer.Write(" \""u8);
    }

    private static void WriteReferrer(ref LineWriter writer, ref TrafficRandom random, TrafficCountry country, bool isProgram)
    {
        var kind = isProgram ? 0 : random.Below(100);
        if (kind < 50) writer.Write("-"u8);
        else if (kind < 75)
        {
            writer.Write(country.Engines[random.Below(country.Engines.Length)]);
            writer.Write(Words[random.Below(Words.Length)]);
        }
        else if (kind < 93) writer.Write("https://www.example.com/course/list"u8);
        else writer.Write(OtherSites[random.Below(OtherSites.Length)]);

        writer.Write("\" \""u8);
    }

    /// <summary>What goes wrong with lines: cut off, a handshake of another protocol, no request, a time that is none, bytes that were never written.</summary>
    private static void Spoil(ref LineWriter writer, ref TrafficRandom random, Span<byte> destination)
    {
        var length = writer.Length;
        switch (random.Below(5))
        {
            case 0:
                writer.CutTo(1 + random.Below(length - 1));
                break;
            case 1:
                writer.CutTo(0);
                writer.Write("203.0.113.9 - - [01/Jan/2026:00:00:00 +0000] \"\\x16\\x03\\x01\\x02\" 400 157 \"-\" \"-\""u8);
                break;
            case 2:
                writer.CutTo(0);
                writer.Write("203.0.113.9 - - [01/Jan/2026:00:00:00 +0000] \"-\" 408 - \"-\" \"-\""u8);
                break;
            case 3:
                destination[destination[..length].IndexOf((byte)'[') + 1] = (byte)'x';
                break;
            default:
                destination[..length].Clear();
                break;
        }
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.ASCII.GetBytes)];
}
