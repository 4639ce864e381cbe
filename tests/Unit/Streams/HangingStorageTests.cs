using Grains.Streams;
using Grains.Streams.Cells;
using Grains.Streams.Pumps;
using Grains.Streams.Storage;
using Grains.Tests.Unit.Streams.Simulation;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.Streams;

/// <summary>A storage that neither answers nor refuses holds up nobody who does not need it.</summary>
public sealed class HangingStorageTests : IDisposable
{
    private static readonly PartitionId Partition = new("log", 0);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly CellOptions Options = new();

    private readonly FakeTimeProvider _time = new();
    private readonly HangingStorage _storage = new();
    private readonly List<(string Key, int Window)> _log = [];
    private readonly CellHost<SimulatedState, SimulatedEvent> _host;
    private readonly PartitionPump<SimulatedState, SimulatedEvent> _pump;

    public HangingStorageTests()
    {
        var epoch = 0L;
        _host = new CellHost<SimulatedState, SimulatedEvent>(_ => new SimulatedState(), () => ++epoch, _storage, _storage, Options, _time);
        _pump = new PartitionPump<SimulatedState, SimulatedEvent>(Partition, new SimulatedLog.Decoder(), _host, new OneSilo<SimulatedEvent>(), new NoDeadLetters());
        _pump.Begin(0);
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Events_of_keys_in_memory_are_counted_and_the_others_are_read_again_when_it_answers()
    {
        Read("a");
        Assert.True(await _pump.DeliverAsync(default));
        _storage.Hang();

        Read("b");
        Read("a");
        await PatienceEndsAsync(_pump.DeliverAsync(default).AsTask());
        Assert.Equal("0:0,2", Counted("a"));

        // Known to hang: nobody is patient a second time.
        Read("c");
        Read("a");
        Assert.True(_pump.DeliverAsync(default).AsTask() is { IsCompletedSuccessfully: true, Result: true });
        Assert.Equal("0:0,2,4", Counted("a"));
        await Assert.ThrowsAsync<SnapshotStorageException>(() => _pump.SettleAsync(default).AsTask());
        Assert.Equal(1, _storage.Hanging);

        _storage.Answer();
        Assert.Equal(0, await _pump.SettleAsync(default));
        Assert.True(_pump.TakeRewind(out var position));
        Assert.Equal(1, position);
        Replay((int)position);
        Assert.True(await _pump.DeliverAsync(default));
        Assert.Equal(("0:0,2,4", "0:1", "0:3"), (Counted("a"), Counted("b"), Counted("c")));
    }

    [Fact]
    public async Task A_late_event_whose_window_is_in_history_holds_up_its_own_key_alone()
    {
        Read("a", window: 5);
        Read("b", window: 5);
        Assert.True(await _pump.DeliverAsync(default));
        _storage.Hang();

        Read("a", window: 2);
        Read("b", window: 5);
        await PatienceEndsAsync(_pump.DeliverAsync(default).AsTask());
        Assert.Equal(("5:0", "5:1,3"), (Counted("a"), Counted("b")));

        _storage.Answer();
        Assert.Equal(0, await _pump.SettleAsync(default));
        Assert.True(_pump.TakeRewind(out var position));
        Assert.Equal(2, position);
        Replay((int)position);
        Assert.True(await _pump.DeliverAsync(default));
        Assert.Equal(("2:2 5:0", "5:1,3"), (Counted("a"), Counted("b")));
    }

    [Fact]
    public async Task A_question_about_a_key_that_is_not_in_memory_is_told_so()
    {
        Read("a");
        Assert.True(await _pump.DeliverAsync(default));
        _storage.Hang();

        var asked = _host.ReadAsync("b", 0, static (_, _, _) => 0, default).AsTask();
        Assert.False(asked.IsCompleted);
        _time.Advance(Options.ReadPatience);
        Assert.True((await Assert.ThrowsAsync<SnapshotStorageException>(() => asked.WaitAsync(Limit, TestContext.Current.CancellationToken))).IsTransient);
        Assert.True((await _host.ReadAsync("a", 0, static (_, _, _) => 0, default)).Exists);
    }

    private async Task PatienceEndsAsync(Task<bool> delivering)
    {
        Assert.False(delivering.IsCompleted);
        _time.Advance(Options.ReadPatience - TimeSpan.FromMilliseconds(1));
        Assert.False(delivering.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await delivering.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    private void Read(string key, int window = 0)
    {
        _log.Add((key, window));
        _pump.Record(_log.Count - 1, SimulatedLog.Record(key, new SimulatedEvent(_log.Count - 1, window)));
    }

    private void Replay(int from)
    {
        for (var position = from; position < _log.Count; position++) _pump.Record(position, SimulatedLog.Record(_log[position].Key, new SimulatedEvent(position, _log[position].Window)));
    }

    private string Counted(string key)
    {
        Assert.True(_host.Find(key)!.TryPeek(0, static (state, _) => SimulatedLog.Describe(state.Windows), out var counted));
        return counted;
    }

    private sealed class HangingStorage : IBatchedSnapshots, IHistoryRows
    {
        private TaskCompletionSource? _hanging;

        public int Hanging { get; private set; }

        public void Hang() => _hanging = new TaskCompletionSource();

        public void Answer()
        {
            var hanging = _hanging!;
            _hanging = null;
            hanging.SetResult();
        }

        public ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken) => AnswerAsync();

        public ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken) => AnswerAsync();

        public ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<SnapshotRow> ScanAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, CancellationToken cancellationToken) => throw new NotSupportedException();

        private ValueTask AnswerAsync()
        {
            if (_hanging is null) return default;

            Hanging++;
            return new ValueTask(_hanging.Task);
        }
    }

    private sealed class NoDeadLetters : IDeadLetters
    {
        public void Add(PartitionId partition, long position, string reason, ReadOnlySpan<byte> record) => throw new InvalidOperationException("The simulated log has no bad records.");

        public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
