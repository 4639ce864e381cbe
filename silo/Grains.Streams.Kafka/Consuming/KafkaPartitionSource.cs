using Confluent.Kafka;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>One assigned partition. Positions are offsets; its name holds the topic's id, so that a topic made again is another source.</summary>
internal sealed class KafkaPartitionSource(ITopicConsumer consumer, IRecordQueue queue, string topicId, TopicPartition partition, long start, long end) : IPartitionSource
{
    // Arrivals end a wait; this is for what has no arrival.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    // Guards the queue against being used after it was given back.
    private readonly Lock _gate = new();
    private readonly Cursor _cursor = new(start, end);
    private readonly PartitionInstruments _instruments = consumer.Metrics.Of(partition);
    private long _seek = -1;
    private long _committed = start;
    private long _goneFrom;
    private long _goneTo;
    private bool _closed;
    private volatile bool _lost;

    public TopicPartition Partition => partition;

    public PartitionId Id { get; } = new($"kafka:{topicId}", partition.Partition);

    public SourceLag Lag => new(Volatile.Read(ref _cursor.Next), Math.Max(Volatile.Read(ref _cursor.Next), consumer.EndOf(partition)), "{record}");

    /// <summary>Everything below is durable and committed.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>When the last record read was appended, in milliseconds of the Unix epoch; -1 where unknown.</summary>
    public long Timestamp => Volatile.Read(ref _cursor.Timestamp);

    /// <summary>Records that the log had dropped before they were read.</summary>
    public long Gone { get; private set; }

    public ValueTask<long> OpenAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Committed);

    public int Read(IRecordSink sink, int maxBytes)
    {
        lock (_gate)
        {
            if (_closed || _seek >= 0 || _cursor.OutOfReach || _cursor.Ended) return 0;

            queue.Take(_cursor, sink, maxBytes);
            if (_cursor.Error != 0) consumer.NotePartitionError(partition, (ErrorCode)_cursor.Error);
            if (_cursor.Records > 0) _instruments.Read(_cursor.Records, _cursor.Bytes);
            return _cursor.Records;
        }
    }

    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (_cursor.OutOfReach) await RepairAsync(cancellationToken).ConfigureAwait(false);
        if (_seek >= 0 && !TrySeek()) await Task.Delay(consumer.ShortDelay, consumer.Time, cancellationToken).ConfigureAwait(false);
        if (_seek >= 0) return false;
        if (_cursor.Ended) return true;

        await queue.Arrival.WaitAsync(LongestWait, cancellationToken).ConfigureAwait(false);
        return false;
    }

    public void Seek(long position)
    {
        _seek = position;
        TrySeek();
    }

    public async ValueTask CommitAsync(long position, CancellationToken cancellationToken)
    {
        // What belongs to another silo, or to a topic that is gone, is not ours to move.
        if (_lost) return;

        await consumer.CommitAsync(partition, position, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _committed, position);
    }

    /// <summary>The partition is not ours any more: nothing is committed from now on.</summary>
    public void Lose() => _lost = true;

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed) return ValueTask.CompletedTask;

            _closed = true;
            queue.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private bool TrySeek()
    {
        lock (_gate)
        {
            if (_closed) return false;

            var outcome = queue.Seek(_seek);
            if (outcome == SeekOutcome.NotNow || (outcome == SeekOutcome.Stopped && !consumer.TryReassign(partition, _seek))) return false;

            _cursor.Next = _seek;
            _cursor.OutOfReach = false;
            _seek = -1;
            return true;
        }
    }

    // The log's beginning has overtaken the position, or its end lies before it. Told and counted, then reading goes on.
    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        var next = _cursor.Next;
        if (await consumer.BoundsAsync(partition, cancellationToken).ConfigureAwait(false) is not var (low, high))
        {
            await Task.Delay(consumer.ShortDelay, consumer.Time, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (next < low) NoteGone(low - next, low);
        else if (next > high) consumer.NoteBeyondEnd(partition, next, high);
        Seek(Math.Clamp(next, low, high));
    }

    /// <summary>Counts records that the log had dropped before they were read.</summary>
    public void NoteGone(long records, long goesOnAt)
    {
        // A reader that goes back comes to the same gap again.
        var from = goesOnAt - records;
        var known = Math.Max(0, Math.Min(goesOnAt, _goneTo) - Math.Max(from, _goneFrom));
        (_goneFrom, _goneTo) = known > 0 ? (Math.Min(from, _goneFrom), Math.Max(goesOnAt, _goneTo)) : (from, goesOnAt);
        if (records == known) return;

        Gone += records - known;
        _instruments.Gone(records - known);
        consumer.NoteGone(partition, records - known, goesOnAt);
    }
}
