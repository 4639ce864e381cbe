using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Grains.Weblog;
using Grains.Weblog.Traffic;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

/// <summary>The reading of bytes against the plain reading of the format: a regular expression.</summary>
public sealed partial class CombinedLineTests : IDisposable
{
    private readonly TestParsers _parsers = new();
    private readonly TrafficGenerator _traffic = new(new() { Start = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), LinesPerSecond = 100 });

    public void Dispose() => _parsers.Dispose();

    [Fact]
    public void Line_is_kept_skipped_or_refused_as_the_plain_reading_has_it_whatever_happened_to_it()
    {
        var parser = _parsers.Create();
        var counts = new int[3];
        var bytes = Gen.OneOf(Gen.Byte, Gen.Int[0, Marks.Length - 1].Select(i => (byte)Marks[i]));
        var edits = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 300], bytes, Gen.Int[1, 3]).Array[0, 2];
        Gen.Select(Gen.Long[0, 3_000_000], edits).Sample((number, changes) =>
        {
            var line = Line(number);
            foreach (var (kind, at, value, length) in changes) Change(line, kind, at % line.Count, value, length);
            var text = Encoding.Latin1.GetString([.. line]);
            var outcome = parser.Parse([.. line], out var course, out _);
            var (fate, id) = Plain(text);

            if (fate == Fate.Refused && LineOutcomes.IsRefusal(outcome) is false) Assert.True(MayBeUnderstoodAllTheSame(text), $"{outcome}: {text}");
            else Assert.True(fate == FateOf(outcome), $"{outcome}, not {fate}: {text}");

            if (fate == Fate.Kept) Assert.Equal(id, Encoding.ASCII.GetString(course));
            counts[(int)fate]++;
        }, iter: 100_000, threads: 1);

        // All three are met, or the test shows nothing.
        Assert.All(counts, count => Assert.True(count > 5_000, string.Join(", ", counts)));
    }

    private const string Marks = " \"\\[]-+/:.?\t\r\n0129aGET";

    private enum Fate
    {
        Refused,
        Skipped,
        Kept,
    }

    private static Fate FateOf(LineOutcome outcome) => outcome == LineOutcome.Kept ? Fate.Kept : LineOutcomes.IsSkip(outcome) ? Fate.Skipped : Fate.Refused;

    private static (Fate Fate, string Course) Plain(string line)
    {
        var fields = Combined().Match(line);
        if (!fields.Success) return (Fate.Refused, "");
        var offset = fields.Groups["time"].Value;
        if (offset.Length != 26 || !DateTimeOffset.TryParseExact(offset.Insert(24, ":"), "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return (Fate.Refused, "");
        // .NET takes months of either case, and white space of any kind: what it read must be what stands there.
        var canonical = time.ToString("dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture).Remove(24, 1);
        if (canonical != offset.Replace("-0000", "+0000", StringComparison.Ordinal) || time.ToUnixTimeSeconds() is < 0 or > uint.MaxValue - 59L) return (Fate.Refused, "");
        if (fields.Groups["method"].Value != "GET" || fields.Groups["status"].Value[0] != '2') return (Fate.Skipped, "");

        var course = Course().Match(fields.Groups["path"].Value);
        if (!course.Success) return (Fate.Skipped, "");
        if (time > TestParsers.Now.AddHours(1)) return (Fate.Refused, "");

        var address = fields.Groups["address"].Value;
        return IsAddress(address) ? (Fate.Kept, course.Groups[1].Value) : (Fate.Refused, "");
    }

    private static bool IsAddress(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal)) return IPAddress.TryParse(text, out _);

        return V4().IsMatch(text) || (text == "-" || (HostName().IsMatch(text) && text.Any(char.IsAsciiLetter)));
    }

    /// <summary>What we take beyond the plain reading: escaped quotes, a carriage return at the end, more behind the agent, the common format, the tabbed one.</summary>
    private static bool MayBeUnderstoodAllTheSame(string line) => line.Contains('\\', StringComparison.Ordinal) || line.EndsWith('\r') || line.EndsWith("\"-\" \"-\"", StringComparison.Ordinal) || Longer().IsMatch(line);

    [GeneratedRegex("""^(?<address>[^ \t\n\v\f\r]+) [^ \t\n\v\f\r]+ [^ \t\n\v\f\r]+ \[(?<time>[^\]]+)\] "(?<method>[^ \t\n\v\f\r]+) (?<path>[^ \t\n\v\f\r]+) [^"]*" (?<status>[0-9]{3}) (?:[0-9]+|-) "[^"]*" "[^"]*"\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Combined();

    [GeneratedRegex("""^[^ ]+ [^ ]+ [^ ]+ \[[^\]]+\] "[^ ]+ [^ ]+ [^"]*" [0-9]{3} (?:[0-9]+|-)(?: "[^"]*" "[^"]*" [\s\S]*)?\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Longer();

    [GeneratedRegex("""^/class/([!#-.0->@-\[\]-~]{1,64})\.html(?:\?.*)?\z""", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Course();

    [GeneratedRegex("""^(?:(?:[01]?[0-9]?[0-9]|2[0-4][0-9]|25[0-5])(?:\.(?!\z)|\z)){4}\z""", RegexOptions.CultureInvariant)]
    private static partial Regex V4();

    [GeneratedRegex("""^[A-Za-z0-9._-]{1,253}\z""", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    private static void Change(List<byte> line, int kind, int at, byte value, int length)
    {
        if (kind == 0) line.RemoveRange(at, Math.Min(length, line.Count - at));
        else if (kind == 1) line.Insert(at, value);
        else if (kind == 2) line[at] = value;
        if (line.Count == 0) line.Add(value);
    }

    private List<byte> Line(long number)
    {
        var buffer = new byte[TrafficGenerator.MaxLineBytes];
        return [.. buffer.AsSpan(0, _traffic.Write(number, buffer))];
    }
}
