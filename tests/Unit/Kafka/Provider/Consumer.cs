using Grains.Streams.Kafka.Provider;
using Orleans.Streams;

namespace Grains.Tests.Unit.Kafka.Provider;

/// <summary>One consumer, and what Orleans' agent does for it.</summary>
internal sealed class Consumer
{
    private readonly CacheUnderTest _test;
    private readonly StreamId _stream;
    private IQueueCacheCursor _cursor;
    private EventSlice? _pending;

    public Consumer(CacheUnderTest test, StreamId stream, StreamSequenceToken? token)
    {
        (_test, _stream) = (test, stream);
        _cursor = test.Cache.TryGetCacheCursor(stream, token).Cursor!;
    }

    public List<string> Seen { get; } = [];

    /// <summary>How many events, from the first on, were in some call that was taken, whatever became of them then.</summary>
    public int Delivered { get; private set; }

    /// <summary>The token of the last call that was taken, as the consumer would save it.</summary>
    public StreamSequenceToken? Token { get; private set; }

    /// <summary>Moves on, and calls the consumer, if there is something.</summary>
    public EventSlice? Call()
    {
        var slice = Next();
        slice?.ImportRequestContext();
        return slice;
    }

    public EventSlice? Next()
    {
        if (_pending is { } pending)
        {
            _pending = null;
            return pending;
        }

        return _cursor.MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success ? (EventSlice)_cursor.GetCurrent(out _)! : null;
    }

    /// <summary>The consumer takes the events of a call, and the call returns.</summary>
    public void Take(EventSlice slice)
    {
        Seen.AddRange(slice.GetEvents<string>().Select(item => item.Item1));
        Delivered = Math.Max(Delivered, Seen.Count);
        Token = slice.GetEvents<string>().Last().Item2;
        slice.Confirm();
    }

    /// <summary>Takes everything there is.</summary>
    public Consumer TakeAll()
    {
        while (Call() is { } slice) Take(slice);
        _test.Cache.Sweep();
        return this;
    }

    public void Refuse()
    {
        Call();
        _cursor.RecordDeliveryFailure();
    }

    /// <summary>A new activation resumes after a token, as an implicit subscriber: Orleans passes what it names by itself.</summary>
    public void Resume(StreamSequenceToken token)
    {
        _cursor.Dispose();
        _cursor = _test.Cache.TryGetCacheCursor(_stream, token).Cursor!;
        _pending = null;
        while (_cursor.MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success)
        {
            var slice = (EventSlice)_cursor.GetCurrent(out _)!;
            var order = slice.SequenceToken.CompareTo(token);
            if (order < 0) continue;

            _pending = order > 0 ? slice : null;
            return;
        }
    }

    public void Leave() => _cursor.Dispose();
}
