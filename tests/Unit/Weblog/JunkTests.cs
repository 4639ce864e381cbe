using System.Text;
using CsCheck;
using Grains.Abstractions;
using Grains.Weblog;
using Grains.Weblog.Traffic;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

/// <summary>Whatever bytes come, there is an outcome, and a course only where a line is kept.</summary>
public sealed class JunkTests : IDisposable
{
    private readonly TestParsers _parsers = new();
    private readonly TrafficGenerator _traffic = new(new());

    public void Dispose() => _parsers.Dispose();

    [Fact]
    public void Random_bytes_have_an_outcome()
    {
        var parser = _parsers.Create();
        Gen.Byte.Array[0, 400].Sample(bytes => AssertOutcome(parser, bytes), iter: 50_000, threads: 1);
    }

    [Fact]
    public void Random_text_of_the_bytes_that_matter_has_an_outcome()
    {
        var alphabet = "GET /class/1.html HTTP/1.1 200 8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"\"\"\"\\\\\\\t\t\t::%?\r\n\0"u8.ToArray();
        var bytes = Gen.Int[0, alphabet.Length - 1].Select(i => alphabet[i]);
        var parser = _parsers.Create();
        bytes.Array[0, 200].Sample(line => AssertOutcome(parser, line), iter: 50_000, threads: 1);
    }

    [Fact]
    public void Mutated_lines_have_an_outcome_and_it_does_not_depend_on_the_lines_before()
    {
        var used = _parsers.Create();
        var edit = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400], Gen.Byte, Gen.Int[1, 40]);
        Gen.Select(Gen.Long[0, 1_000_000], edit.Array[1, 4]).Sample((number, edits) =>
        {
            var line = Line(number);
            foreach (var (kind, at, value, length) in edits)
            {
                var begin = line.Count == 0 ? 0 : at % line.Count;
                var count = Math.Min(length, line.Count - begin);
                if (kind == 0) line.RemoveRange(begin, count);
                else if (kind == 1) line.Insert(begin, value);
                else if (kind == 2) line.InsertRange(begin, line.GetRange(begin, count));
                else if (line.Count > 0) line[begin] = value;
            }

            var bytes = line.ToArray();
            var fresh = AssertOutcome(_parsers.Create(), bytes);
            var seasoned = AssertOutcome(used, bytes);
            Assert.Equal((fresh.Course, fresh.View, LineOutcomes.IsRefusal(fresh.Outcome)), (seasoned.Course, seasoned.View, LineOutcomes.IsRefusal(seasoned.Outcome)));
            if (!LineOutcomes.IsRefusal(fresh.Outcome)) Assert.Equal(fresh.Outcome, seasoned.Outcome);
        }, iter: 5_000, threads: 1);
    }

    [Fact]
    public void Truncated_characters_in_an_agent_are_counted_all_the_same()
    {
        var whole = Encoding.UTF8.GetBytes("8.8.8.8 - - [23/Nov/2026:10:15:32 +0000] \"GET /class/112.html HTTP/1.1\" 200 1 \"https://例子.example/\" \"浏览器\"");
        var truncated = whole[..^2].Concat(whole[^1..]).ToArray();

        Assert.Equal(LineOutcome.Kept, AssertOutcome(_parsers.Create(), truncated).Outcome);
    }

    [Fact]
    public void Ten_megabytes_without_an_end_are_too_long()
    {
        var parser = _parsers.Create();
        foreach (var fill in (byte[])[0, (byte)' ', (byte)'"', (byte)'\\', 255])
        {
            var line = new byte[10_000_000];
            line.AsSpan().Fill(fill);
            Assert.Equal(LineOutcome.TooLong, parser.Parse(line, out _, out _));
        }
    }

    private static (LineOutcome Outcome, string Course, CourseEvent View) AssertOutcome(LogLineParser parser, byte[] line)
    {
        var outcome = parser.Parse(line, out var course, out var view);
        Assert.True(Enum.IsDefined(outcome));
        Assert.Equal(outcome == LineOutcome.Kept, CourseId.IsValid(course));
        if (outcome != LineOutcome.Kept) Assert.Equal(default, view);
        return (outcome, Encoding.UTF8.GetString(course), view);
    }

    private List<byte> Line(long number)
    {
        var buffer = new byte[TrafficGenerator.MaxLineBytes];
        return [.. buffer.AsSpan(0, _traffic.Write(number, buffer))];
    }
}
