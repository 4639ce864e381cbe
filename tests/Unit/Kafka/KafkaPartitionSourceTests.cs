using Confluent.Kafka;
using Grains.Streams;
using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Grains.Tests.Unit.Kafka;

public sealed class KafkaPartitionSourceTests
{
    [Fact]
    public async Task A_position_that_the_log_has_left_behind_is_counted_and_reading_goes_on_at_its_beginning()
    {
        var wire = new Wire { Low = 40, High = 100, Found = cursor => cursor.OutOfReach = true };
        await using var source = wire.Source(start: 25);
        Assert.Equal(0, source.Read(new Sink(), 1000));
        Assert.Equal(0, source.Read(new Sink(), 1000));
        Assert.Equal(1, wire.Takes);
        Assert.False(await source.WaitAsync(CancellationToken.None));
        Assert.Equal((15L, 40L), (source.Gone, wire.Sought));
        Assert.Equal("gone 15 on 40", wire.Told);

        wire.Found = cursor => cursor.Accepts(40, 3);
        Assert.Equal(1, source.Read(new Sink(), 1000));
        Assert.Equal(41, source.Lag.Position);
    }

    [Fact]
    public async Task A_log_that_was_cut_is_told_and_read_from_its_end()
    {
        var wire = new Wire { Low = 0, High = 10, Found = cursor => cursor.OutOfReach = true };
        await using var source = wire.Source(start: 25);
        source.Read(new Sink(), 1000);
        await source.WaitAsync(CancellationToken.None);
        Assert.Equal((0L, 10L, "beyond 25 end 10"), (source.Gone, wire.Sought, wire.Told));
    }

    [Fact]
    public async Task Nothing_is_read_from_where_it_was_while_a_seek_has_not_succeeded()
    {
        var wire = new Wire { Found = cursor => cursor.Accepts(cursor.Next, 1) };
        await using var source = wire.Source(start: 50);
        Assert.Equal(1, source.Read(new Sink(), 1));
        wire.Outcome = SeekOutcome.NotNow;
        source.Seek(20);
        Assert.Equal(0, source.Read(new Sink(), 1));
        wire.Outcome = SeekOutcome.Stopped;
        var waiting = source.WaitAsync(CancellationToken.None).AsTask();
        Assert.Equal(0, source.Read(new Sink(), 1));
        wire.Time.Advance(wire.ShortDelay);
        Assert.False(await waiting);

        wire.Reassigns = true;
        wire.Arrival.Set();
        Assert.False(await source.WaitAsync(CancellationToken.None));
        Assert.Equal(20, wire.Sought);
        var sink = new Sink();
        Assert.Equal(1, source.Read(sink, 1));
        Assert.Equal(21, source.Lag.Position);
    }

    [Fact]
    public async Task A_lost_partition_commits_nothing()
    {
        var wire = new Wire();
        await using var source = wire.Source(start: 5);
        await source.CommitAsync(7, CancellationToken.None);
        source.Lose();
        await source.CommitAsync(9, CancellationToken.None);
        Assert.Equal([7L], wire.Commits);
        Assert.Equal(7, source.Committed);
    }

    [Fact]
    public async Task It_is_named_by_the_topics_id_and_ends_at_the_end_that_was_given()
    {
        var wire = new Wire { Found = cursor => cursor.NothingBelow(6) };
        await using var source = wire.Source(start: 5, end: 6);
        Assert.Equal(new PartitionId("kafka:0123456789abcdef0123456789abcdef", 3), source.Id);
        Assert.Equal(5, await source.OpenAsync(CancellationToken.None));
        Assert.Equal(0, source.Read(new Sink(), 1));
        Assert.True(await source.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_queue_given_back_is_not_looked_into_again()
    {
        var wire = new Wire { Found = cursor => cursor.Accepts(cursor.Next, 1) };
        var source = wire.Source(start: 0);
        await source.DisposeAsync();
        await source.DisposeAsync();
        Assert.Equal(0, source.Read(new Sink(), 1));
        Assert.Equal((0, 1), (wire.Takes, wire.Disposals));
    }

    private sealed class Sink : IRecordSink
    {
        public void Record(long position, ReadOnlySpan<byte> record)
        {
        }
    }

    /// <summary>A queue and a consumer that do what the test says.</summary>
    private sealed class Wire : ITopicConsumer, IRecordQueue
    {
        public long Low { get; init; }

        public long High { get; init; }

        public Action<Cursor> Found { get; set; } = _ => { };

        public SeekOutcome Outcome { get; set; }

        public bool Reassigns { get; set; }

        public int Takes { get; private set; }

        public int Disposals { get; private set; }

        public long Sought { get; private set; } = -1;

        public string Told { get; private set; } = "";

        public List<long> Commits { get; } = [];

        public Arrival Arrival { get; } = new();

        public FakeTimeProvider Time { get; } = new();

        public TimeSpan ShortDelay { get; } = TimeSpan.FromMilliseconds(100);

        TimeProvider ITopicConsumer.Time => Time;

        KafkaMetrics ITopicConsumer.Metrics { get; } = new(
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), KafkaStreamOptionsTests.Sound(), TimeProvider.System, () => []);

        public KafkaPartitionSource Source(long start, long end = long.MaxValue)
        {
            Arrival.Set();
            return new KafkaPartitionSource(this, this, "0123456789abcdef0123456789abcdef", new TopicPartition("t", 3), start, end);
        }

        public void Take(Cursor cursor, IRecordSink sink, int maxBytes)
        {
            Takes++;
            cursor.Begin();
            Found(cursor);
        }

        public SeekOutcome Seek(long position)
        {
            if (Outcome == SeekOutcome.Done) Sought = position;
            return Outcome;
        }

        public bool TryReassign(TopicPartition partition, long position)
        {
            if (Reassigns) Sought = position;
            return Reassigns;
        }

        public void Dispose() => Disposals++;

        public long EndOf(TopicPartition partition) => High;

        public ValueTask<(long Low, long High)?> BoundsAsync(TopicPartition partition, CancellationToken cancellationToken) => ValueTask.FromResult<(long Low, long High)?>((Low, High));

        public ValueTask CommitAsync(TopicPartition partition, long position, CancellationToken cancellationToken)
        {
            Commits.Add(position);
            return ValueTask.CompletedTask;
        }

        public void NoteGone(TopicPartition partition, long records, long goesOnAt) => Told += $"gone {records} on {goesOnAt}";

        public void NoteBeyondEnd(TopicPartition partition, long position, long end) => Told += $"beyond {position} end {end}";

        public void NotePartitionError(TopicPartition partition, ErrorCode error) => Told += $"error {error}";
    }
}
