using Grains.Streams;
using Grains.Streams.Files;
using Grains.Streams.Storage;
using Grains.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.Files;

public sealed class LogFileSourceTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly MemorySnapshots _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly LineSink _sink = new();
    private readonly List<LogFileGap> _gaps = [];

    private string Path => _folder.File("access.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_has_the_position_of_its_first_byte_and_loses_its_line_end()
    {
        File.WriteAllText(Path, "one\r\n\ntwo\n");
        await using var source = await OpenAsync();
        Assert.Equal(3, source.Read(_sink, 100));
        Assert.Equal([(At(1, 0), "one"), (At(1, 5), ""), (At(1, 6), "two")], _sink.ByPosition.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task Reading_stops_after_about_the_bytes_asked_for_but_hands_on_one_record_at_least()
    {
        File.WriteAllText(Path, "one\ntwo\nthree\n");
        await using var source = await OpenAsync();
        Assert.Equal(1, source.Read(_sink, 1));
        Assert.Equal(2, source.Read(_sink, 5));
        Assert.Equal(0, source.Read(_sink, 5));
    }

    [Fact]
    public async Task A_line_without_its_end_is_held_back_until_it_has_one()
    {
        File.WriteAllText(Path, "one\ntw");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        Assert.Equal(["one"], _sink.Lines);
        File.AppendAllText(Path, "o\n");
        await DrainAsync(source);
        Assert.Equal(["one", "two"], _sink.Lines);
    }

    [Fact]
    public async Task A_line_without_its_end_is_a_line_once_its_file_was_rotated_away()
    {
        File.WriteAllText(Path, "one\ntwo");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        File.Move(Path, Path + ".1");
        File.WriteAllText(Path, "three\n");
        await DrainAsync(source);
        Assert.Equal(["one", "two", "three"], _sink.Lines);
    }

    [Fact]
    public async Task Lines_that_a_server_writes_to_the_rotated_file_within_the_grace_are_read_in_their_place()
    {
        File.WriteAllText(Path, "one\n");
        await using var source = await OpenAsync();
        await DrainAsync(source, Grace / 2);
        File.Move(Path, Path + ".1");
        File.WriteAllText(Path, "three\n");
        await DrainAsync(source, Grace / 2);
        File.AppendAllText(Path + ".1", "two\n");
        await DrainAsync(source);
        Assert.Equal(["one", "two", "three"], _sink.Lines);
        Assert.Equal(0, source.Gaps);
    }

    [Fact]
    public async Task A_line_that_comes_to_the_rotated_file_too_late_is_a_gap()
    {
        File.WriteAllText(Path, "one\n");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        File.Move(Path, Path + ".1");
        File.WriteAllText(Path, "three\n");
        await DrainAsync(source);
        File.AppendAllText(Path + ".1", "two\n");
        await source.CommitAsync(At(2, 0), default);
        Assert.Equal(["one", "three"], _sink.Lines);
        Assert.Equal((At(1, 4), 4), (_gaps.Single().Position, _gaps.Single().KnownBytes));
        Assert.Equal(1, source.Gaps);
    }

    [Fact]
    public async Task A_file_written_anew_to_a_greater_length_is_read_from_its_beginning()
    {
        File.WriteAllText(Path, "10:00 one\n10:00 two\n");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        File.WriteAllText(Path, "10:01 three\n10:01 four\n10:01 five\n");
        await DrainAsync(source);
        Assert.Equal(["10:00 one", "10:00 two", "10:01 three", "10:01 four", "10:01 five"], _sink.Lines);
        Assert.Equal(At(2, 0), _sink.ByPosition.Single(pair => pair.Value == "10:01 three").Key);
    }

    [Fact]
    public async Task A_file_written_anew_with_the_same_beginning_is_a_new_one_where_it_was_seen_to_be_empty()
    {
        File.WriteAllText(Path, "same\n");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        File.WriteAllText(Path, "");
        await DrainAsync(source);
        File.WriteAllText(Path, "same\nmore\n");
        await DrainAsync(source);
        Assert.Equal(["same", "same", "more"], _sink.Lines);
    }

    [Fact]
    public async Task No_line_of_a_block_is_handed_on_that_was_read_while_the_file_was_written_anew()
    {
        // The first block is read, and the file replaced by one whose line ends lie elsewhere, before the second is.
        var old = string.Concat(Enumerable.Range(0, 40).Select(i => $"old {i:D3} 0123456789\n"));
        File.WriteAllText(Path, old);
        await using var source = await OpenAsync(new LogFileOptions { Path = Path, BlockBytes = 100, OnGap = _gaps.Add });
        Assert.Equal(1, source.Read(_sink, 1));
        File.WriteAllText(Path, string.Concat(Enumerable.Range(0, 80).Select(i => $"new {i:D3} abc\n")));
        await DrainAsync(source);
        Assert.All(_sink.Lines, line => Assert.True(line.Length == (line[0] == 'o' ? 18 : 11), line));
        Assert.Equal(80, _sink.Lines.Count(line => line[0] == 'n'));
        Assert.Equal((At(1, 5 * 19), 35 * 19), (_gaps.Single().Position, _gaps.Single().KnownBytes));
    }

    [Fact]
    public async Task What_was_copied_before_the_file_was_emptied_is_read_from_the_copy()
    {
        File.WriteAllText(Path, "one\n");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        File.AppendAllText(Path, "two\n");
        File.Copy(Path, Path + "-20260101");
        File.WriteAllText(Path, "");
        File.AppendAllText(Path, "three\n");
        await DrainAsync(source);
        Assert.Equal(["one", "two", "three"], _sink.Lines);
        Assert.Equal(0, source.Gaps);
    }

    [Fact]
    public async Task A_file_that_lost_its_tail_goes_on_after_the_cut_and_that_is_reported()
    {
        var lines = Enumerable.Range(0, 200).Select(i => $"line {i:D4}").ToList();
        File.WriteAllLines(Path, lines);
        await using var source = await OpenAsync();
        await DrainAsync(source);
        using (var file = File.OpenWrite(Path)) file.SetLength(1_500);
        await DrainAsync(source);
        File.AppendAllText(Path, "new 1\n");
        await DrainAsync(source);
        File.AppendAllText(Path, "new 2\n");
        await DrainAsync(source);
        Assert.Equal([.. lines, "new 1", "new 2"], _sink.Lines);
        Assert.Equal(At(2, 1_500), _sink.ByPosition.Single(pair => pair.Value == "new 1").Key);
        Assert.Equal((At(1, 1_500), 0), (_gaps.Single().Position, _gaps.Single().KnownBytes));
        await source.DisposeAsync();

        await using var again = await OpenAsync();
        await DrainAsync(again);
        Assert.Equal([.. lines, "new 1", "new 2"], _sink.Lines);
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public async Task Reading_goes_on_at_the_committed_position_through_files_that_were_rotated_meanwhile()
    {
        File.WriteAllText(Path, "one\ntwo\n");
        await using (var source = await OpenAsync())
        {
            await DrainAsync(source);
            await source.CommitAsync(At(1, 4), default);
        }

        File.AppendAllText(Path, "three\n");
        File.Move(Path, Path + ".2");
        File.WriteAllText(Path + ".1", "four\n");
        File.WriteAllText(Path, "five\n");
        var sink = new LineSink();
        await using var again = await OpenAsync();
        await DrainAsync(again, sink: sink);
        Assert.Equal(["two", "three", "four", "five"], sink.Lines);
        Assert.Equal([At(1, 4), At(1, 8), At(2, 0), At(3, 0)], sink.ByPosition.Keys);
    }

    [Fact]
    public async Task A_file_that_went_before_it_was_read_is_a_gap_and_reading_goes_on_after_it()
    {
        File.WriteAllText(Path, "one\ntwo\n");
        await using (var source = await OpenAsync())
        {
            await DrainAsync(source);
            await source.CommitAsync(At(1, 4), default);
        }

        File.Move(Path, Path + ".1.gz");
        File.WriteAllText(Path, "three\n");
        var sink = new LineSink();
        await using var again = await OpenAsync();
        await DrainAsync(again, sink: sink);
        Assert.Equal(["three"], sink.Lines);
        Assert.Equal((At(1, 4), 4), (_gaps.Single().Position, _gaps.Single().KnownBytes));
        Assert.Equal(1, again.Gaps);
    }

    [Fact]
    public async Task A_position_within_a_line_stands_for_the_next_line_and_an_earlier_file_can_be_sought()
    {
        File.WriteAllText(Path, "one\ntwo\n");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        File.Move(Path, Path + ".1");
        File.WriteAllText(Path, "three\n");
        await DrainAsync(source);

        foreach (var (position, first) in new[] { (At(1, 0), "one"), (At(1, 1), "two"), (At(1, 4), "two"), (At(1, 5), "three"), (At(1, 8), "three"), (At(1, 99), "three"), (At(2, 0), "three") })
        {
            source.Seek(position);
            var sink = new LineSink();
            while (source.Read(sink, 1) == 0) await WaitAsync(source);
            Assert.Equal(first, sink.Lines[0]);
        }

        await source.CommitAsync(At(1, 5), default);
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Seek(At(1, 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Seek(At(4, 0)));
    }

    [Fact]
    public async Task Ten_megabytes_without_a_line_end_are_one_record_of_the_limit_and_a_byte()
    {
        using (var file = File.Create(Path))
        {
            file.Write("one\n"u8);
            for (var i = 0; i < 10; i++) file.Write(new byte[1 << 20]);
            file.Write("\ntwo\n"u8);
        }

        await using var source = await OpenAsync(new LogFileOptions { Path = Path, MaxLineBytes = 1_000_000 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (source.Read(_sink, 1 << 20) > 0)
        {
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal([3, 1_000_001, 3], _sink.Lines.Select(line => line.Length));
        Assert.Equal(At(1, 4 + (10 << 20) + 1), _sink.ByPosition.Keys.Last());
        Assert.InRange(allocated, 0, 8_000_000);
    }

    [Fact]
    public async Task Reading_to_the_end_hands_on_the_last_line_without_its_end_and_ends()
    {
        File.WriteAllText(Path, "one\ntwo");
        await using (var source = await OpenAsync(new LogFileOptions { Path = Path, ReadToEnd = true }))
        {
            Assert.Equal(1, source.Read(_sink, 100));
            Assert.False(await source.WaitAsync(default));
            Assert.Equal(1, source.Read(_sink, 100));
            Assert.True(await source.WaitAsync(default));
            Assert.Equal(["one", "two"], _sink.Lines);
            await source.CommitAsync(At(1, 5), default);
        }

        // Started again it goes on after it.
        File.AppendAllText(Path, "\nthree\n");
        await using var again = await OpenAsync(new LogFileOptions { Path = Path, ReadToEnd = true });
        var sink = new LineSink();
        Assert.Equal(1, again.Read(sink, 100));
        Assert.Equal(["three"], sink.Lines);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_waited_for_or_an_error_where_reading_ends_at_the_end()
    {
        var error = await Assert.ThrowsAsync<SourceException>(async () => await OpenAsync(new LogFileOptions { Path = Path, ReadToEnd = true }));
        Assert.Equal($"Log file '{Path}' cannot be read: it does not exist. Name a file that does.", error.Message);

        await using var source = await OpenAsync();
        await DrainAsync(source);
        File.WriteAllText(Path, "one\n");
        await DrainAsync(source);
        Assert.Equal(["one"], _sink.Lines);
    }

    [Fact]
    public async Task A_directory_is_told()
    {
        Directory.CreateDirectory(Path);
        var error = await Assert.ThrowsAsync<SourceException>(async () => await OpenAsync());
        Assert.Equal($"Log file '{Path}' cannot be read: it is a directory. Name a file.", error.Message);
    }

    [Fact]
    public async Task A_second_follower_with_the_same_storage_is_told()
    {
        File.WriteAllText(Path, "one\ntwo\n");
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        await DrainAsync(first);
        await first.CommitAsync(At(1, 1), default);
        var error = await Assert.ThrowsAsync<SourceException>(async () => await second.CommitAsync(At(1, 5), default));
        Assert.Contains("changed by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_is_away_fails_a_commit_that_can_be_repeated_and_holds_a_new_file_back()
    {
        File.WriteAllText(Path, "one\n");
        await using var source = await OpenAsync();
        await DrainAsync(source);
        _store.Fault = _ => MemoryFault.Refused;
        var error = await Assert.ThrowsAsync<SnapshotStorageException>(async () => await source.CommitAsync(At(1, 1), default));
        Assert.True(error.IsTransient);
        File.Move(Path, Path + ".1");
        File.WriteAllText(Path, "two\n");
        await DrainAsync(source);
        Assert.Equal(["one"], _sink.Lines);

        _store.Fault = null;
        await source.CommitAsync(At(1, 1), default);
        await DrainAsync(source);
        Assert.Equal(["one", "two"], _sink.Lines);
    }

    [Fact]
    public async Task Lag_is_the_bytes_not_handed_on()
    {
        File.WriteAllText(Path, "one\ntwo\nthree\n");
        await using var source = await OpenAsync();
        source.Read(_sink, 1);
        Assert.Equal((At(1, 4), 10, "By"), (source.Lag.Position, source.Lag.Behind, source.Lag.Unit));
        await DrainAsync(source);
        Assert.Equal((At(1, 14), 0), (source.Lag.Position, source.Lag.Behind));
    }

    private static long At(long generation, long offset) => (generation << 40) | offset;

    private async Task<LogFileSource> OpenAsync(LogFileOptions? options = null)
    {
        var source = new LogFileSource(options ?? new LogFileOptions { Path = Path, RotationGrace = Grace, OnGap = _gaps.Add }, _store, _time);
        _sink.Restart();
        await source.OpenAsync(default);
        return source;
    }

    private async Task WaitAsync(LogFileSource source)
    {
        var wait = source.WaitAsync(default).AsTask();
        if (!wait.IsCompleted) _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.False(await wait.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Reads until nothing has come for so long by the test's clock: a little more than the grace.</summary>
    private async Task DrainAsync(LogFileSource source, TimeSpan? idle = null, LineSink? sink = null)
    {
        var last = _time.GetUtcNow();
        while (_time.GetUtcNow() - last < (idle ?? Grace * 1.2))
        {
            if (source.Read(sink ?? _sink, 1 << 20) > 0) last = _time.GetUtcNow();
            await WaitAsync(source);
        }
    }
}
