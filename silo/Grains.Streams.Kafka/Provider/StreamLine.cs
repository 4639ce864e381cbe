namespace Grains.Streams.Kafka.Provider;

/// <summary>One stream in the cache of a partition: its records in order, and the cursors of its consumers.</summary>
/// <remarks>
/// Invariant: from <see cref="CompleteFrom"/> on the line has every record of the stream that was read. While a pass over the log is under way for it, it also has those from <see cref="HistoryFrom"/> up to <see cref="HistoryNext"/>;
/// a cursor that stands below <see cref="CompleteFrom"/> waits for the pass.
/// </remarks>
internal sealed class StreamLine(StreamId stream, long completeFrom)
{
    private readonly LinkedList<HeldRecord> _records = new();
    private LinkedListNode<HeldRecord>? _historyTail;
    private EventPosition _released = new(-1);

    public StreamId Stream => stream;

    public List<StreamCursor> Cursors { get; } = [];

    /// <summary>
    /// The subscriptions that Orleans delivers to. Nothing is released while one of them has no cursor: it is being attached, or its cursor is being replaced, or the agent stops and has disposed of its cursors already.
    /// </summary>
    public HashSet<Guid> Subscriptions { get; } = [];

    /// <summary>Orleans knows who has subscribed to the stream.</summary>
    public bool IsRegistered { get; set; }

    /// <summary>An explicit subscription is among those seen; its tokens mean "from here on", those of implicit ones "after this".</summary>
    public bool HasExplicit { get; set; }

    /// <summary>A consumer has come with a token of another log.</summary>
    public bool HasForeign { get; set; }

    public long CompleteFrom { get; private set; } = completeFrom;

    /// <summary>Where the present pass began for this line; null without one.</summary>
    public long? HistoryFrom { get; private set; }

    /// <summary>Up to where the pass has come.</summary>
    public long HistoryNext { get; private set; }

    /// <summary>Every record of the stream so far lies below.</summary>
    public long LastEnd { get; private set; }

    public bool IsEmpty => _records.Count == 0;

    /// <summary>The first event that is held; null for none.</summary>
    public EventPosition? First => _records.First?.Value.Record?.First;

    /// <summary>Nothing is known of it that a new line would not have.</summary>
    public bool IsIdle => IsEmpty && Cursors.Count == 0 && Subscriptions.Count == 0 && !IsRegistered;

    /// <summary>No consumer will come for what it holds: Orleans has to be told of the stream again.</summary>
    public bool IsUnclaimed => !IsEmpty && Cursors.Count == 0 && Subscriptions.Count == 0 && !IsRegistered;

    public void Attach(Guid subscription)
    {
        Subscriptions.Add(subscription);
        HasExplicit |= !IsImplicit(subscription);
    }

    public void Detach(Guid subscription)
    {
        Subscriptions.Remove(subscription);
        // Orleans forgets a stream with its last subscription, and has to be told of it again.
        if (Subscriptions.Count == 0) IsRegistered = false;
    }

    public void Unregister()
    {
        IsRegistered = false;
        Subscriptions.Clear();
    }

    public void Add(HeldRecord record)
    {
        _records.AddLast(record);
        LastEnd = record.Offset + 1;
    }

    /// <summary>The lowest position below which the line is not complete that a cursor waits at; null where none does.</summary>
    public long? NeededFrom()
    {
        long? lowest = null;
        foreach (var cursor in Cursors)
        {
            if (cursor.Next.Offset < CompleteFrom && !(HistoryFrom <= cursor.Next.Offset)) lowest = Math.Min(lowest ?? long.MaxValue, cursor.Next.Offset);
        }

        return lowest;
    }

    /// <summary>Whether a cursor still waits for the present pass.</summary>
    public bool AwaitsPass() => Cursors.Any(cursor => cursor.Next.Offset < CompleteFrom && HistoryFrom <= cursor.Next.Offset);

    public void JoinPass(long from) => (HistoryFrom, HistoryNext, _historyTail) = (from, from, null);

    /// <summary>Takes a record of the pass, where it wants it.</summary>
    /// <returns>The place, or null.</returns>
    public HeldRecord? AddHistory(StreamRecord record)
    {
        if (!(record.Offset >= HistoryNext) || record.Offset >= CompleteFrom) return null;

        var held = new HeldRecord(record, isHistory: true);
        _historyTail = _historyTail?.List is null ? _records.AddFirst(held) : _records.AddAfter(_historyTail, held);
        return held;
    }

    /// <summary>The pass has read everything below. True where the line has no need of the rest.</summary>
    public bool PassReached(long next)
    {
        HistoryNext = Math.Max(HistoryNext, next);
        if (HistoryNext < CompleteFrom) return false;

        CompleteFrom = HistoryFrom!.Value;
        (HistoryFrom, _historyTail) = (null, null);
        return true;
    }

    /// <summary>The pass is of no use to the line any more: what it has brought is given up, as there is a gap after it.</summary>
    public void LeavePass(Action<HeldRecord> release)
    {
        (HistoryFrom, _historyTail) = (null, null);
        while (_records.First is { Value.IsHistory: true } first && first.Value.Offset < CompleteFrom)
        {
            _records.RemoveFirst();
            release(first.Value);
        }
    }

    /// <summary>The same position in its plainest form: right after the last record that was given up means the next one, and needs no reading of the log.</summary>
    public EventPosition Plain(EventPosition position) => position.Offset == _released.Offset && position >= _released ? new EventPosition(position.Offset + 1) : position;

    /// <summary>The first record with an event at or after a position, as far as the line is complete there.</summary>
    public LinkedListNode<HeldRecord>? Find(LinkedListNode<HeldRecord>? from, EventPosition position)
    {
        var limit = position.Offset >= CompleteFrom ? long.MaxValue : HistoryFrom <= position.Offset ? HistoryNext : long.MinValue;
        // Records leave at the front only, and come in the middle only below what a cursor that waits has passed.
        var node = from?.List is null || from.Value.IsReleased ? _records.First : from;
        while (node is not null && node.Value.IsBefore(position)) node = node.Next;
        return node is not null && node.Value.Offset < limit ? node : null;
    }

    /// <summary>Gives up what every consumer is past.</summary>
    /// <param name="release">Told of each record.</param>
    public void Sweep(Action<HeldRecord> release)
    {
        if (Cursors.Count < Subscriptions.Count) return;
        // Nobody has subscribed: the records are nobody's. Not registered: nobody knows who has.
        if (Cursors.Count == 0 && !IsRegistered) return;

        var lowest = new EventPosition(long.MaxValue);
        foreach (var cursor in Cursors)
        {
            if (cursor.Next < lowest) lowest = cursor.Next;
        }

        while (_records.First is { } first && first.Value.IsBefore(lowest))
        {
            if (_historyTail == first) _historyTail = null;
            _records.RemoveFirst();
            // A consumer's token may have named its last event.
            foreach (var cursor in Cursors) cursor.StepOver(first.Value);
            if (!first.Value.IsHistory) _released = first.Value.End;
            if (HistoryFrom is not null && first.Value.IsHistory) HistoryFrom = first.Value.Offset + 1;
            else CompleteFrom = Math.Max(CompleteFrom, first.Value.Offset + 1);
            release(first.Value);
        }
    }

    // The high bit of the last byte, by Orleans' convention.
    private static bool IsImplicit(Guid subscription)
    {
        Span<byte> bytes = stackalloc byte[16];
        subscription.TryWriteBytes(bytes);
        return (bytes[15] & 0x80) != 0;
    }
}
