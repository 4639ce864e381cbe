using System.IO.Pipelines;
using System.Text;
using Grains.Streams.Files;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.Files;

public sealed class StandardInputSourceTests
{
    private const long First = 1L << 40;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly FakeTimeProvider _time = new();
    private readonly LineSink _sink = new();

    [Fact]
    public async Task Lines_are_handed_on_and_the_last_needs_no_end()
    {
        await using var source = Open();
        await WriteAsync("one\r\ntw");
        await ReadAsync(source, lines: 1);
        await WriteAsync("o\nthree");
        await _pipe.Writer.CompleteAsync();
        await ReadAsync(source, lines: 3);
        Assert.Equal([(First, "one"), (First + 5, "two"), (First + 9, "three")], _sink.ByPosition.Select(pair => (pair.Key, pair.Value)));
        Assert.True(await source.WaitAsync(default));
        Assert.Equal((First + 14, 0), (source.Lag.Position, source.Lag.Behind));
    }

    [Fact]
    public async Task What_is_not_committed_can_be_read_again_and_a_position_within_a_line_stands_for_the_next()
    {
        await using var source = Open();
        await WriteAsync("one\ntwo\nthree\n");
        await ReadAsync(source, lines: 3);
        await source.CommitAsync(First + 1, default);
        foreach (var (position, first) in new[] { (First + 1, "two"), (First + 4, "two"), (First + 5, "three") })
        {
            source.Seek(position);
            var sink = new LineSink();
            Assert.Equal(1, source.Read(sink, 1));
            Assert.Equal(first, sink.Lines[0]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Seek(First));
    }

    [Fact]
    public async Task No_more_is_kept_than_allowed_until_some_is_committed()
    {
        const int Kept = 1 << 18;
        await using var source = Open(new StandardInputOptions { MaxLineBytes = 1_000, MaxKeptBytes = Kept });
        var line = new string('x', 99);
        for (var i = 0; i < 10_000; i++) await WriteAsync(line + "\n");
        await _pipe.Writer.CompleteAsync();
        var least = ((Kept - (1 << 16)) / 100) - 1;
        for (var idle = 0; idle < 20 || _sink.ByPosition.Count < least; idle++)
        {
            source.Read(_sink, 1 << 20);
            await WaitAsync(source);
        }

        Assert.InRange(_sink.ByPosition.Count, least, Kept / 100);
        while (_sink.ByPosition.Count < 10_000)
        {
            await source.CommitAsync(_sink.ByPosition.Keys.Last() + 1, default);
            source.Seek(_sink.ByPosition.Keys.Last() + 1);
            source.Read(_sink, 1 << 20);
            await WaitAsync(source);
        }

        Assert.Empty(_sink.Faults);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => First + (i * 100L)), _sink.ByPosition.Keys);
    }

    [Fact]
    public async Task A_line_longer_than_all_that_may_be_kept_is_one_record_of_the_limit_and_a_byte()
    {
        await using var source = Open(new StandardInputOptions { MaxLineBytes = 1_000, MaxKeptBytes = 1 << 18 });
        await WriteAsync("one\n" + new string('x', 1 << 20) + "\ntwo\n");
        await _pipe.Writer.CompleteAsync();
        while (_sink.ByPosition.Count < 3)
        {
            if (source.Read(_sink, 1 << 20) > 0) await source.CommitAsync(_sink.ByPosition.Keys.Last() + 1, default);
            await WaitAsync(source);
        }

        Assert.Equal([(First, 3), (First + 4, 1_001), (First + 4 + (1 << 20) + 1, 3)], _sink.ByPosition.Select(pair => (pair.Key, pair.Value.Length)));
    }

    [Fact]
    public void Two_instances_are_two_sources() => Assert.NotEqual(Open().Id, Open().Id);

    private StandardInputSource Open(StandardInputOptions? options = null) => new(_pipe.Reader.AsStream(), options ?? new StandardInputOptions(), _time);

    private async Task WriteAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    private async Task ReadAsync(StandardInputSource source, int lines)
    {
        while (_sink.ByPosition.Count < lines)
        {
            if (source.Read(_sink, 1 << 20) == 0) Assert.False(await source.WaitAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        }

        source.Read(_sink, 1);
        if (lines == 3) await WaitAsync(source);
        source.Read(_sink, 1);
    }

    private async Task WaitAsync(StandardInputSource source)
    {
        var wait = source.WaitAsync(default).AsTask();
        if (!wait.IsCompleted) _time.Advance(TimeSpan.FromMilliseconds(50));
        await wait.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
