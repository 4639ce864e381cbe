using Grains.Streams.Files;
using Grains.Streams.Storage;
using Grains.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.Files;

/// <summary>Writers, rotators, a reader, and its deaths, in random order.</summary>
public sealed class LogFileScheduleTests
{
    private const int MaxLine = 120;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(0, 150)]
    [InlineData(150, 150)]
    [InlineData(300, 150)]
    [InlineData(450, 150)]
    public async Task Every_line_is_handed_on_once_whatever_happens_to_the_file(int firstSeed, int count)
    {
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            using var folder = new TemporaryFolder();
            await using var schedule = new Schedule(folder.File("access.log"), seed);
            await schedule.RunAsync();
        }
    }

    private sealed class Schedule : IAsyncDisposable
    {
        private readonly string _path;
        private readonly int _seed;
        private readonly Random _random;
        private readonly MemorySnapshots _store = new();
        private readonly FakeTimeProvider _time = new();
        private readonly LineSink _sink = new();
        private readonly LogWriter _writer;
        private readonly List<string> _story = [];
        private LogFileSource _source = null!;
        private long _committed;
        private long _kept;

        public Schedule(string path, int seed)
        {
            (_path, _seed, _random) = (path, seed, new Random(seed));
            _writer = new LogWriter(path, isDated: seed % 2 == 1);
        }

        public async Task RunAsync()
        {
            // What was rotated before the first start is not read.
            if (_random.Next(3) == 0) await File.WriteAllTextAsync(_seed % 2 == 1 ? _path + "-20250000" : _path + ".1", "old line\nanother old line\n");
            await OpenAsync();
            for (var step = 0; step < 60; step++)
            {
                WriteSomething();
                await ReadSomethingAsync();
            }

            _store.Fault = null;
            _writer.Finish();
            await DrainAsync();

            Check(_sink.Faults.Count == 0, string.Join('\n', _sink.Faults));
            var expected = _writer.Lines.Where(line => !_writer.Lost.Contains(line) || _sink.Had.Contains(Cut(line))).Select(Cut).ToList();
            var handedOn = _sink.Lines.Where(line => !_writer.IsFragment(line)).ToList();
            var difference = expected.Zip(handedOn).TakeWhile(pair => pair.First == pair.Second).Count();
            Check(expected.SequenceEqual(handedOn), $"Line {difference}: expected '{expected.ElementAtOrDefault(difference)}', handed on '{handedOn.ElementAtOrDefault(difference)}'.\n{Around(handedOn.ElementAtOrDefault(difference))}");
        }

        public ValueTask DisposeAsync() => _source.DisposeAsync();

        private static string Cut(string line) => line.Length > MaxLine ? line[..(MaxLine + 1)] : line;

        private string Around(string? line)
        {
            var lines = _sink.ByPosition.ToList();
            var place = lines.FindIndex(pair => pair.Value == line);
            return string.Join('\n', lines.Skip(place - 3).Take(7).Select(pair => $"{pair.Key >> 40}:{pair.Key & 0xffffffffff} '{pair.Value}'"));
        }

        private void WriteSomething()
        {
            for (var i = _random.Next(3); i > 0; i--)
            {
                switch (_random.Next(12))
                {
                    case < 6:
                        for (var lines = _random.Next(1, 6); lines > 0; lines--)
                        {
                            _writer.Append(_writer.NewLine(_random.Next(10) == 0 ? MaxLine - 2 + _random.Next(5) : _random.Next(6, 60)), _random.Next(4) == 0 ? "\r\n" : "\n");
                        }

                        Tell($"append to {_writer.Lines[^1][..6]}");
                        break;
                    case 6:
                        _writer.Begin(_writer.NewLine(_random.Next(6, 60)));
                        Tell("begin a line");
                        break;
                    case 7:
                        _writer.Rename();
                        Tell("rename");
                        break;
                    case 8 or 9:
                        _writer.Reopen();
                        Tell("reopen");
                        break;
                    case 10 when _random.Next(2) == 0:
                        _writer.CopyAndTruncate();
                        Tell("copy and truncate");
                        break;
                    case 11 when _random.Next(2) == 0:
                        _writer.Rewrite(line => _sink.Had.Contains(Cut(line)));
                        Tell("rewrite");
                        break;
                }
            }
        }

        private async Task ReadSomethingAsync()
        {
            _store.Fault = _random.Next(8) == 0 ? _ => (MemoryFault)_random.Next(4) : null;
            switch (_random.Next(10))
            {
                case < 5:
                    for (var i = _random.Next(1, 4); i > 0; i--) Read(_random.Next(1, 600));
                    await WaitAsync();
                    break;
                case 5:
                    await WaitAsync();
                    break;
                case 6:
                    await DrainOnceAsync();
                    break;
                case 7:
                    await CommitAsync();
                    break;
                case 8:
                    Seek();
                    break;
                default:
                    await _source.DisposeAsync();
                    Tell("die");
                    await OpenAsync();
                    break;
            }
        }

        private async Task OpenAsync()
        {
            _source = new LogFileSource(new LogFileOptions { Path = _path, MaxLineBytes = MaxLine, BlockBytes = _random.Next(16, 600), PollInterval = Poll, OnGap = gap => Tell($"gap at {gap.Position}: {gap.KnownBytes} bytes, {gap.Reason}") }, _store, _time);
            _sink.Restart();
            _store.Fault = null;
            var position = await _source.OpenAsync(default);
            Check(position >= _kept, $"Opened at {position}, committed at {_kept}.");
            Tell($"open at {position}");
        }

        private int Read(int maxBytes)
        {
            var records = _source.Read(_sink, maxBytes);
            if (records > 0) Tell($"read {records} to {_sink.ByPosition.Keys.Max()}");
            return records;
        }

        private async Task WaitAsync()
        {
            var wait = _source.WaitAsync(default).AsTask();
            if (!wait.IsCompleted) _time.Advance(Poll);
            Check(!await wait.WaitAsync(TimeSpan.FromSeconds(30)), "A followed file has ended.");
        }

        private async Task DrainOnceAsync()
        {
            for (var i = 0; i < 4; i++)
            {
                while (Read(1_000_000) > 0)
                {
                }

                await WaitAsync();
            }
        }

        private async Task DrainAsync()
        {
            for (var idle = 0; idle < 25; idle++)
            {
                if (Read(1_000_000) > 0) idle = 0;
                await WaitAsync();
            }
        }

        private async Task CommitAsync()
        {
            var places = _sink.ByPosition.Keys.Where(position => position >= _committed).ToList();
            if (places.Count == 0) return;

            var position = places[_random.Next(places.Count)] + _random.Next(2);
            if (position < _committed) return;
            try
            {
                await _source.CommitAsync(position, default);
                _committed = _kept = position;
                Tell($"commit {position}");
            }
            catch (SnapshotStorageException error) when (error.IsTransient)
            {
                Tell($"commit {position} was not taken");
                // It may have been taken all the same; nothing below is asked for again in either case.
                _committed = position;
            }
        }

        private void Seek()
        {
            var places = _sink.ByPosition.Keys.Where(position => position >= _committed).ToList();
            if (places.Count == 0) return;

            var position = places[_random.Next(places.Count)] + _random.Next(2);
            _source.Seek(position);
            _sink.Restart();
            Tell($"seek {position}");
        }

        private void Tell(string step) => _story.Add(step);

        private void Check(bool isRight, string what)
        {
            if (!isRight) Assert.Fail($"seed {_seed}: {what}\n{string.Join("; ", _story)}");
        }
    }
}
