using System.Buffers;
using Grains.Streams;
using Grains.Streams.Cells;
using Grains.Tests.Unit.Streams.Simulation;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.Streams;

/// <summary>What an answer says of how long the storage has been behind.</summary>
public sealed class CellStalenessTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PartitionTable _partitions = new();
    private readonly Cell<SimulatedState, SimulatedEvent> _cell = new("112", epoch: 1, new SimulatedState(), version: 0, [], tag: null);
    private int _next;

    public CellStalenessTests() => _partitions.NumberOf(new PartitionId("log", 0));

    [Fact]
    public void A_cell_that_is_fed_all_the_time_is_as_stale_as_its_last_snapshot()
    {
        for (var i = 0; i < 100; i++)
        {
            Feed();
            Pass(seconds: 1);
            var applied = Capture();
            Feed();
            _cell.Written(tag: null, applied);
            AssertStale(seconds: 0, durable: false);
        }

        Pass(seconds: 3);
        AssertStale(seconds: 3, durable: false);
    }

    [Fact]
    public void What_is_being_written_has_waited_since_it_became_dirty()
    {
        Feed();
        Pass(seconds: 2);
        Capture();
        Pass(seconds: 5);
        Feed();
        AssertStale(seconds: 7, durable: false);
    }

    [Fact]
    public void A_write_that_failed_leaves_the_older_wait()
    {
        Feed();
        Pass(seconds: 2);
        Capture();
        Feed();
        Pass(seconds: 2);
        Assert.False(_cell.Redo(_time.GetTimestamp()));
        AssertStale(seconds: 4, durable: false);
    }

    [Fact]
    public void A_cell_whose_windows_history_refused_is_not_durable_while_it_is_written_again()
    {
        Feed();
        _cell.Written(tag: null, Capture());
        AssertStale(seconds: 0, durable: true);
        Assert.True(_cell.Redo(_time.GetTimestamp()));
        var applied = Capture();
        Pass(seconds: 30);
        AssertStale(seconds: 30, durable: false);
        Assert.False(_cell.Close(onlyIfDurable: true));

        _cell.Written(tag: null, applied);
        AssertStale(seconds: 0, durable: true);
        Assert.True(_cell.Close(onlyIfDurable: true));
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private void Feed()
    {
        _cell.Apply(ProtocolRules.All, epoch: 1, partition: 0, _next, _next, [new SimulatedEvent(_next, 0)], _time.GetTimestamp(), [], out _);
        _next++;
    }

    private long[] Capture()
    {
        var applied = new List<long>();
        Assert.True(_cell.TryCapture(_partitions, new ArrayBufferWriter<byte>(), [], applied, out _, out _));
        return [.. applied];
    }

    private void AssertStale(int seconds, bool durable)
    {
        Assert.True(_cell.TryRead(_partitions, 0, static (_, contents, _) => contents, out var contents, _time.GetTimestamp(), _time));
        Assert.Equal(durable, contents.Durable);
        // The cell's clock is coarse.
        Assert.Equal(seconds, contents.Waiting.TotalSeconds, 0.02);
    }
}
