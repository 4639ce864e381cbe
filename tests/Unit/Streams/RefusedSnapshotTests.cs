using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Grains.Streams;
using Grains.Streams.Cells;
using Grains.Streams.Storage;
using Grains.Testing;
using Grains.Tests.Unit.Streams.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Grains.Tests.Unit.Streams;

/// <summary>A storage that will never take a snapshot says why, and somebody hears of it, once; the others are written meanwhile.</summary>
public sealed class RefusedSnapshotTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RefusingStorage _storage = new();
    private readonly Entries _entries = new();
    private readonly ImpatientTime _time = new();
    private readonly ServiceProvider _services;
    private readonly StreamEngine<SimulatedState, SimulatedEvent> _engine;
    private readonly int _partition;
    private int _next;

    public RefusedSnapshotTests()
    {
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(_entries))
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton<IBatchedSnapshots>(_storage)
            .AddSingleton<IHistoryRows>(new MemoryHistory())
            .AddSingleton<IDeadLetters>(new NoDeadLetters())
            .AddSingleton(new StreamOptions())
            .AddSingleton(new CellOptions { SnapshotInterval = TimeSpan.FromSeconds(1), SnapshotBatch = 1 })
            .AddStream(static _ => new StreamDefinition<SimulatedState, SimulatedEvent> { Name = "simulated", NewState = static _ => new SimulatedState(), NewDecoder = static () => new SimulatedLog.Decoder() })
            .BuildServiceProvider();
        _engine = _services.GetRequiredService<StreamEngine<SimulatedState, SimulatedEvent>>();
        _partition = _engine.Host.Partitions.NumberOf(new PartitionId("log", 0));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task It_is_told_when_it_begins_and_when_there_are_more_and_not_each_time()
    {
        _storage.Refused.Add("a");
        await FeedAsync("a", "b");

        for (var round = 0; round < 3; round++) Assert.False(await _engine.FlushAsync(default));
        Assert.StartsWith("Snapshots that the storage refuses: 1. The first: 'a' is too large. What they hold", Assert.Single(_entries.Told), StringComparison.Ordinal);
        Assert.Equal(["b"], _storage.Rows);

        _storage.Refused.Add("b");
        await FeedAsync("b");
        for (var round = 0; round < 3; round++) Assert.False(await _engine.FlushAsync(default));
        Assert.Equal(2, _entries.Told.Count);
        Assert.StartsWith("Snapshots that the storage refuses: 2. ", _entries.Told[^1], StringComparison.Ordinal);

        _storage.Refused.Clear();
        Assert.True(await _engine.FlushAsync(default));
        Assert.Equal(["a", "b"], _storage.Rows);
        _storage.Refused.Add("a");
        await FeedAsync("a");
        Assert.False(await _engine.FlushAsync(default));
        Assert.Equal(3, _entries.Told.Count);
    }

    [Fact]
    public async Task Others_do_not_wait_longer_for_it()
    {
        _storage.Refused.Add("a");
        await FeedAsync("a");

        _engine.Start();
        await _storage.UntilTriedAsync(times: 20).WaitAsync(Limit, TestContext.Current.CancellationToken);
        await _engine.StopAsync(default);

        Assert.All(_time.Waits, static wait => Assert.Equal(TimeSpan.FromSeconds(1), wait));
    }

    [Fact]
    public async Task Those_behind_it_are_written_in_the_same_round()
    {
        _storage.Refused.Add("a");
        await FeedAsync("a", "b", "c");

        Assert.False(await _engine.FlushAsync(default));

        Assert.Equal(["b", "c"], _storage.Rows);
    }

    [Fact]
    public async Task A_storage_that_refuses_is_there()
    {
        _engine.StorageIsAway(null);
        _storage.Refused.Add("a");
        await FeedAsync("a");

        Assert.False(await _engine.FlushAsync(default));

        Assert.Contains("The storage is back.", _entries.All);
    }

    private async Task FeedAsync(params string[] keys)
    {
        await _engine.Host.OpenAsync(keys, TestContext.Current.CancellationToken);
        foreach (var key in keys)
        {
            var cell = _engine.Host.Find(key)!;
            var position = _next++;
            Assert.Equal(CellAnswer.Counted, _engine.Host.TryApply(cell, cell.Epoch, _partition, position, position, [new SimulatedEvent(position, 0)], _time.GetTimestamp(), out _).Answer);
        }
    }

    private sealed class RefusingStorage : IBatchedSnapshots
    {
        private readonly ConcurrentDictionary<string, bool> _rows = new();
        private readonly TaskCompletionSource _tried = new();
        private int _left = int.MaxValue;

        public HashSet<string> Refused { get; } = [];

        public IEnumerable<string> Rows => _rows.Keys.Order(StringComparer.Ordinal);

        public Task UntilTriedAsync(int times)
        {
            Volatile.Write(ref _left, times);
            return _tried.Task;
        }

        public ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
        {
            foreach (ref var write in writes.Span)
            {
                var isRefused = Refused.Contains(write.Key);
                (write.Outcome, write.Refusal) = isRefused ? (WriteOutcome.NotWritten, $"'{write.Key}' is too large.") : (WriteOutcome.Won, null);
                if (!isRefused) _rows[write.Key] = true;
            }

            if (Interlocked.Decrement(ref _left) == 0) _tried.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public async IAsyncEnumerable<SnapshotRow> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }
    }

    // Every wait is over at once, and remembered.
    private sealed class ImpatientTime : TimeProvider
    {
        private readonly ConcurrentQueue<TimeSpan> _waits = new();

        public IReadOnlyCollection<TimeSpan> Waits => _waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class NoDeadLetters : IDeadLetters
    {
        public void Add(PartitionId partition, long position, string reason, ReadOnlySpan<byte> record)
        {
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class Entries : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

        public IEnumerable<string> All => _entries.Select(static entry => entry.Text);

        public IReadOnlyList<string> Told => [.. _entries.Where(static entry => entry.Level >= LogLevel.Warning).Select(static entry => entry.Text)];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TScope>(TScope state)
            where TScope : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TEntry>(LogLevel logLevel, EventId eventId, TEntry state, Exception? exception, Func<TEntry, Exception?, string> formatter)
        {
            _entries.Enqueue((logLevel, formatter(state, exception)));
        }

        public void Dispose()
        {
        }
    }
}
