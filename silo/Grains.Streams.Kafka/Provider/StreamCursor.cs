using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>How far one consumer of a stream is.</summary>
/// <remarks>
/// Orleans moves a cursor on when it has delivered, when it has given up, when a filter has said no, and also when it has lost track of a delivery (a handshake in the middle of one). Only of a call that has returned is the
/// event taken as delivered; after a loss of track the same events are handed out again.
/// </remarks>
internal sealed class StreamCursor(PartitionCache cache, StreamLine line, EventPosition next, bool isExact) : IQueueCacheCursor
{
    private readonly EventPosition _begin = next;
    private LinkedListNode<HeldRecord>? _at;
    private EventSlice? _current;
    private bool _failed;
    // Up to here events are handed out one by one: the first, where a token names it, and those of a slice that was refused as a whole.
    private EventPosition _singlyUpTo = isExact ? next.Next : default;
    private bool _disposed;

    /// <summary>The first event that the consumer is not done with.</summary>
    public EventPosition Next { get; private set; } = next;

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    public bool MoveNext() => MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success;

    public QueueCacheCursorMoveResult MoveNextWithResult()
    {
        if (_current is { } slice)
        {
            if (slice is { IsAttempted: true, IsConfirmed: false } && !_failed) return QueueCacheCursorMoveResult.Success;

            Settle(slice);
        }

        _current = _disposed ? null : Take();
        return _current is null ? QueueCacheCursorMoveResult.NoData : QueueCacheCursorMoveResult.Success;
    }

    /// <summary>The record is given up; whoever stands at its end stands at the next one.</summary>
    public void StepOver(HeldRecord record)
    {
        if (Next.Offset == record.Offset && Next >= record.End) Next = new EventPosition(record.Offset + 1);
    }

    public void Refresh(StreamSequenceToken token)
    {
        // What is new is found where it is.
    }

    /// <summary>Nothing more is going to be called: what the last call has delivered is done with.</summary>
    public void SettleConfirmed()
    {
        if (_current is { IsConfirmed: true } slice) Settle(slice);
    }

    /// <summary>The consumer has refused the present events for as long as is allowed.</summary>
    public void RecordDeliveryFailure() => _failed = true;

    public void Dispose()
    {
        if (_disposed) return;

        _disposed = true;
        cache.Remove(line, this);
    }

    private void Settle(EventSlice slice)
    {
        _current = null;
        if (_failed)
        {
            _failed = false;
            // One event that is not to be had must not take its neighbours with it.
            if (slice.Records.Length > 1)
            {
                _singlyUpTo = slice.End;
                return;
            }

            cache.Undeliverable(slice);
        }

        Next = slice.End;
        cache.Touch(line);
    }

    private EventSlice? Take()
    {
        _at = line.Find(_at, Next);
        if (_at?.Value.Record is not { } first) return null;

        var start = first.Offset == Next.Offset ? Next.Index : 0;
        if (new EventPosition(first.Offset, start) < _singlyUpTo) return cache.Slice([first], start, isExact && Next == _begin ? start + 1 : first.Events);

        List<StreamRecord> records = [first];
        var events = first.Events - start;
        // A slice has one request context; and never part of a record but at its beginning.
        for (var node = _at; first.Context is null && events < cache.EventsPerDelivery && line.Find(node, new EventPosition(records[^1].Offset + 1)) is { Value.Record: { Context: null } record } following; node = following)
        {
            events += record.Events;
            if (events > cache.EventsPerDelivery) break;

            records.Add(record);
        }

        return cache.Slice([.. records], start, records[^1].Events);
    }
}
