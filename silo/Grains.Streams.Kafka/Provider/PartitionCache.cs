using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>The records of one partition that are not yet with all of their consumers.</summary>
/// <remarks>
/// Invariant: every record below <see cref="Durable"/> has been delivered to, or refused by, all consumers of its stream, or its stream has none. Only this is ever committed.
/// Records come from the receiver and not from Orleans, which is only told that a stream has some; and they go when the consumers are done, not when Orleans asks for room. All of it runs on the scheduler of the partition's agent.
/// </remarks>
internal sealed class PartitionCache : IQueueCache
{
    private readonly LogId _log;
    private readonly RecordFormat _format;
    private readonly KafkaProviderOptions _options;
    private readonly long _maxBytes;
    private readonly Dictionary<StreamId, StreamLine> _lines = [];
    private readonly HashSet<StreamLine> _touched = [];
    private readonly HashSet<StreamLine> _unclaimed = [];
    private readonly Queue<HeldRecord> _order = new();
    private long _high;
    private long _durable;
    private long _forgottenBelow;
    private long _held;
    private int _history;

    /// <param name="topicId">The topic's id, 32 hexadecimal digits.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="format">Makes events of records.</param>
    /// <param name="options">How many records are held.</param>
    /// <param name="maxBytes">How many bytes of them, about.</param>
    public PartitionCache(string topicId, int partition, RecordFormat format, KafkaProviderOptions options, long maxBytes)
    {
        (TopicId, _log, _format, _options, _maxBytes) = (topicId, LogId.Of(topicId, partition), format, options, maxBytes);
        History = new HistoryPass(this);
    }

    public string TopicId { get; }

    public int Partition => _log.Partition;

    public int EventsPerDelivery => _options.EventsPerDelivery;

    /// <summary>Reads again what is not held any more.</summary>
    public HistoryPass History { get; }

    /// <summary>Everything below has been read.</summary>
    public long High => Volatile.Read(ref _high);

    /// <summary>Everything below is done with.</summary>
    public long Durable => Volatile.Read(ref _durable);

    /// <summary>The log ended here when reading began, or later; tokens beyond it are of another log.</summary>
    public long KnownEnd { get; private set; }

    /// <summary>Told of events that a consumer has refused for too long.</summary>
    public Action<EventSlice> Undeliverable { get; set; } = static _ => { };

    /// <summary>Told of a token that lies beyond the log, and where delivery begins instead.</summary>
    public Action<StreamId, EventPosition> BeyondEnd { get; set; } = static (_, _) => { };

    /// <summary>Told of a token of another log, and where delivery begins instead.</summary>
    public Action<StreamId, RecordToken, EventPosition> Foreign { get; set; } = static (_, _, _) => { };

    /// <summary>A cursor has been made that waits for a pass over the log.</summary>
    public bool IsRewindAsked { get; set; }

    public IEnumerable<StreamLine> Lines => _lines.Values;

    public int Records => _order.Count;

    /// <summary>How many records may be added.</summary>
    public int Room => _held > _maxBytes ? 0 : Math.Max(0, _options.CacheRecords - _order.Count);

    public int HistoryRoom => _held > _maxBytes * 2 ? 0 : Math.Max(0, _options.CacheRecords - _history);

    public void Begin(long position, long end)
    {
        (_high, _durable, _forgottenBelow) = (position, position, position);
        KnownEnd = Math.Max(position, end);
    }

    /// <summary>Takes a record that was read.</summary>
    /// <returns>The stream's line.</returns>
    public StreamLine Add(StreamRecord record)
    {
        var held = new HeldRecord(record, isHistory: false);
        var line = LineOf(record.Stream);
        line.Add(held);
        _order.Enqueue(held);
        _held += held.Held;
        Passed(record.Offset + 1);
        Touch(line);
        if (line.IsUnclaimed) _unclaimed.Add(line);
        return line;
    }

    public bool AddHistory(StreamRecord record)
    {
        if (!_lines.TryGetValue(record.Stream, out var line) || line.HistoryFrom is null || line.AddHistory(record) is not { } held) return false;

        _history++;
        _held += held.Held;
        return true;
    }

    /// <summary>There is nothing below this offset that was not added.</summary>
    public void Passed(long offset)
    {
        if (offset > _high) Volatile.Write(ref _high, offset);
        if (_order.Count == 0) Volatile.Write(ref _durable, _high);
    }

    /// <summary>Gives up what is done with, and finds out how far everything is.</summary>
    public void Sweep()
    {
        foreach (var line in _touched)
        {
            line.Sweep(Release);
            if (line.IsUnclaimed) _unclaimed.Add(line);
            else if (line.IsIdle) Forget(line);
        }

        _touched.Clear();
        while (_order.TryPeek(out var first) && first.IsReleased) _order.Dequeue();
        Volatile.Write(ref _durable, _order.TryPeek(out var undone) ? undone.Offset : _high);
    }

    /// <summary>Streams with records that nobody comes for.</summary>
    public IEnumerable<StreamLine> Unclaimed()
    {
        _unclaimed.RemoveWhere(static line => !line.IsUnclaimed);
        return _unclaimed;
    }

    public void Touch(StreamLine line) => _touched.Add(line);

    public StreamLine LineOf(StreamId stream)
    {
        if (_lines.TryGetValue(stream, out var line)) return line;

        return _lines[stream] = new StreamLine(stream, _forgottenBelow);
    }

    public StreamLine? TryLineOf(StreamId stream) => _lines.GetValueOrDefault(stream);

    public EventSlice Slice(StreamRecord[] records, int first, int end) => new(_log, records, first, end, _format.Serializer);

    public void Remove(StreamLine line, StreamCursor cursor)
    {
        line.Cursors.Remove(cursor);
        Touch(line);
    }

    public QueueCacheCursorResult<IQueueCacheCursor> TryGetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        // Whoever names no place begins with what is read from now on.
        if (token is null) return CursorAt(streamId, new EventPosition(_high), isExact: false);

        if (token is RecordToken foreign && foreign.Log != _log) return CursorOf(streamId, foreign);

        var position = EventPosition.Of(token);
        if (position.Offset < Math.Max(KnownEnd, _high)) return CursorAt(streamId, position, isExact: token is not ActivityToken);

        // Nothing of this log can have been delivered from there: it is the token of a log that is gone, or was cut.
        var first = LineOf(streamId).First ?? new EventPosition(_high);
        BeyondEnd(streamId, first);
        return CursorAt(streamId, first, isExact: false);
    }

    public QueueCacheCursorResult<IQueueCacheCursor> TryGetCacheCursorAtPosition(StreamId streamId, StreamSubscriptionStartPosition startPosition) => startPosition switch
    {
        StreamSubscriptionStartPosition.Latest => TryGetCacheCursor(streamId, null),
        StreamSubscriptionStartPosition.EarliestAvailable => CursorAt(streamId, new EventPosition(0), isExact: false),
        _ => throw new ArgumentOutOfRangeException(nameof(startPosition), startPosition, "There is no such position."),
    };

    [Obsolete("Orleans calls TryGetCacheCursor.")]
    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) => TryGetCacheCursor(streamId, token).Cursor!;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        // They only say which streams have records; the records are here already.
    }

    // Never 0: Orleans must go on asking the receiver, which also has streams to tell of that nobody came for.
    public int GetMaxAddCount() => Math.Max(1, Room);

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        return false;
    }

    public bool IsUnderPressure() => false;

    // When an agent stops: no call is under way any more, and the cursors are there still.
    public void UpdateDeliveryProgress(StreamSequenceToken? earliestSubscriptionToken, DateTime utcNow)
    {
        foreach (var line in _lines.Values)
        {
            foreach (var cursor in line.Cursors) cursor.SettleConfirmed();
        }

        Sweep();
    }

    // What a consumer had of another log says nothing of this one. Its state has no event of a topic that was made since then, so that it gets them all. Of another partition's log: its stream has moved here, or is in both,
    // and it goes on with what is not done with here.
    private QueueCacheCursorResult<IQueueCacheCursor> CursorOf(StreamId stream, RecordToken foreign)
    {
        var line = LineOf(stream);
        // Which of the consumers it is, is not known here, and its cursor may be gone: the last of them counts.
        line.Sweep(Release);
        var begin = foreign.Topic != _log.Topic ? new EventPosition(0) : line.First ?? new EventPosition(_high);
        if (!line.HasForeign) Foreign(stream, foreign, begin);
        line.HasForeign = true;
        return CursorAt(stream, begin, isExact: false);
    }

    private QueueCacheCursorResult<IQueueCacheCursor> CursorAt(StreamId stream, EventPosition position, bool isExact)
    {
        var line = LineOf(stream);
        if (position.Offset < line.CompleteFrom)
        {
            if (_options.Rewind == KafkaRewind.Durable) (position, isExact) = (new EventPosition(line.CompleteFrom), false);
            // The event that the token names is not at hand, so that Orleans could not see that it must pass it.
            else if (isExact && !line.HasExplicit) (position, isExact) = (line.Plain(position.Next), false);
            IsRewindAsked = position.Offset < line.CompleteFrom || IsRewindAsked;
        }

        var cursor = new StreamCursor(this, line, position, isExact);
        line.Cursors.Add(cursor);
        _unclaimed.Remove(line);
        Touch(line);
        return QueueCacheCursorResult<IQueueCacheCursor>.FromCursor(cursor);
    }

    public void Release(HeldRecord record)
    {
        _held -= record.Held;
        if (record.IsHistory) _history--;
        record.Release();
    }

    private void Forget(StreamLine line)
    {
        _lines.Remove(line.Stream);
        _forgottenBelow = Math.Max(_forgottenBelow, line.LastEnd);
    }
}
