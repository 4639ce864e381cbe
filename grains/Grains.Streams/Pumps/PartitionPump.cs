using System.Text;
using System.Text.Unicode;
using Grains.Streams.Cells;

namespace Grains.Streams.Pumps;

/// <summary>Brings the records of one partition to the cells of their keys: in order, in chunks, each counted once.</summary>
/// <remarks>
/// Passive, and used by one caller at a time: the caller hands records to <see cref="Record"/>, calls <see cref="DeliverAsync"/> until it says that all are counted, and <see cref="SettleAsync"/> now and then.
/// It keeps no events beyond the present batch. When a cell has forgotten events (its silo died, its write was lost), the pump asks for the source to be read again from there,
/// and skips what the other cells have. In the same way it passes over the events of a key whose row or history the storage cannot give now, and goes back for them later: the other keys do not wait.
/// Rules 1, 2, 3, 5 and 6.
/// </remarks>
internal sealed partial class PartitionPump<TState, TEvent>(
    PartitionId partition, IRecordDecoder<TEvent> decoder, CellHost<TState, TEvent> host, ICellRoutes<TEvent> routes, IDeadLetters deadLetters) : IRecordSink
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private const long NoRewind = long.MaxValue;

    private readonly KeyTable<KeySlot<TState, TEvent>> _slots = new(static (slot, key) => Ascii.Equals(key, slot.Key) || Encoding.UTF8.GetString(key) == slot.Key);
    private readonly Arrivals<TEvent> _arrivals = new();
    private readonly Found[] _found = new Found[Arrivals<TEvent>.Room];
    private readonly EventBatch<TState, TEvent> _batch = new();
    private readonly List<KeySlot<TState, TEvent>> _undurable = [];
    private readonly int _number = host.Partitions.NumberOf(partition);
    private long _begun;
    private long _next;
    private long _seen = Mark.None;
    private long _rewind = NoRewind;

    public PartitionId Partition { get; } = partition;

    public PumpCounters Counters { get; } = new();

    /// <summary>Everything below this position has been handed in.</summary>
    public long Next => _next;

    /// <summary>How many keys have something that is not durable.</summary>
    public int UndurableKeys => _undurable.Count;

    /// <summary>How many keys wait for the storage with events that were passed over.</summary>
    public int DeferredKeys => _deferred.Count;

    /// <summary>How many keys it knows.</summary>
    public int Keys => _slots.Count;

    /// <summary>Begins at a position: everything below it is durable.</summary>
    public void Begin(long position) => _begun = _next = position;

    /// <inheritdoc/>
    public void Record(long position, ReadOnlySpan<byte> record)
    {
        var verdict = decoder.Decode(record, out var key, out var decoded);
        _next = position + 1;
        if (position > _seen)
        {
            _seen = position;
            Counters.Count(verdict, record.Length);
            if (verdict.Fate == RecordFate.Refused) deadLetters.Add(Partition, position, decoder.ReasonName(verdict.Reason), record);
        }

        // Order matters: a cell has forgotten events, and the reader does not go back before its next call. The cell must not count what comes after them, or it would never see them.
        if (verdict.Fate != RecordFate.Kept || position >= _rewind) return;

        _arrivals.Add(key, _slots.HashOf(key), position, decoded);
        if (_arrivals.IsFull) Place();
    }

    /// <summary>Whether the source must be read again, and from where; asked when everything is delivered.</summary>
    public bool TakeRewind(out long position)
    {
        Place();
        position = _rewind;
        if (_rewind == NoRewind || _batch.Count > 0) return false;

        _rewind = NoRewind;
        // The reader may be before that position already, going back for another key.
        if (position >= _next) return false;

        Counters.CountRewind();
        _next = position;
        return true;
    }

    /// <summary>Asks the cells how far they are durable, and finds the position below which everything is.</summary>
    /// <returns>The position that may be committed.</returns>
    /// <exception cref="Storage.SnapshotStorageException">The storage could not be asked for the row of a cell that is gone.</exception>
    public async ValueTask<long> SettleAsync(CancellationToken cancellationToken)
    {
        Place();
        if (_deferred.Count > 0) await ResumeDeferredAsync(cancellationToken).ConfigureAwait(false);
        if (host.Rules.Nudges) await NudgeAsync(cancellationToken).ConfigureAwait(false);
        var low = Math.Min(_next, _rewind);
        if (host.Rules.DeferredHoldsCommit) low = _deferred.Aggregate(low, static (lowest, slot) => Math.Min(lowest, slot.DeferredFrom));
        if (!host.Rules.CommitsTheDurable) return low;

        if (_batch.Count > 0) low = Math.Min(low, _batch.FirstPosition);
        _undurable.RemoveAll(slot =>
        {
            if (slot.Cell?.DurableOf(_number) is { } durable) Durable(slot, durable);
            slot.IsUndurable = slot.FirstUndurable <= slot.Applied;
            if (slot.IsUndurable) low = Math.Min(low, slot.FirstUndurable);
            return !slot.IsUndurable;
        });
        return low;
    }

    /// <summary>Forgets the keys that have nothing under way, so that a flood of keys does not stay for ever.</summary>
    public void ForgetSettledKeys()
    {
        // Invariant: a slot is forgotten only while its cell's row has everything that this pump delivered, so that the next greeting finds no gap.
        _slots.Keep(static slot => slot is not { IsUndurable: false, Count: 0, DeferredFrom: KeySlot<TState, TEvent>.NotDeferred });
    }

    // Finds the slots of what has arrived, and puts it into the batch. Invariant: nothing has arrived and is not placed while cells are asked anything.
    private void Place()
    {
        Touch();
        for (var i = 0; i < _arrivals.Count; i++)
        {
            ref readonly var arrival = ref _arrivals[i];
            Place(_found[i].Slot ?? SlotOf(arrival.Hash, _arrivals.KeyOf(i)), arrival.Position, arrival.Event);
        }

        Array.Clear(_found);
        _arrivals.Clear();
    }

    private void Place(KeySlot<TState, TEvent> slot, long position, in TEvent taken)
    {
        if (slot.DeferredFrom != KeySlot<TState, TEvent>.NotDeferred)
        {
            // Still waiting, and the reader may have gone back for another key.
            slot.DeferredFrom = Math.Min(slot.DeferredFrom, position);
        }
        else if (slot.Greeted && position <= slot.Applied && host.Rules.AppliedIsSkipped)
        {
            Counters.CountReplayed();
        }
        else
        {
            _batch.Add(slot, position, taken);
        }
    }

    // First where each slot stands in the table, then the slots: each step fetches what the next one reads, of all keys at once.
    private void Touch()
    {
        var sum = 0;
        for (var i = 0; i < _arrivals.Count; i++) sum += _slots.Touch(_arrivals[i].Hash);
        Volatile.Write(ref _touched, sum);
        for (var i = 0; i < _arrivals.Count; i++)
        {
            var slot = _slots.Find(_arrivals[i].Hash, _arrivals.KeyOf(i));
            _found[i].Slot = slot;
            sum += slot?.Count ?? 0;
        }

        Volatile.Write(ref _touched, sum);
    }

    private static void Durable(KeySlot<TState, TEvent> slot, long durable) => slot.FirstUndurable = Math.Max(slot.FirstUndurable, durable + 1);

    private void NoteUndurable(KeySlot<TState, TEvent> slot, long first, long durable)
    {
        if (!slot.IsUndurable && durable < slot.Applied)
        {
            slot.IsUndurable = true;
            slot.FirstUndurable = first;
            _undurable.Add(slot);
        }

        Durable(slot, durable);
    }

    private KeySlot<TState, TEvent> SlotOf(ulong hash, ReadOnlySpan<byte> key)
    {
        if (_slots.Find(hash, key) is { } known) return known;

        var text = Encoding.UTF8.GetString(key);
        // Bytes that are no UTF-8 are the key that they are read as: two slots of one cell would each refuse what the other counts.
        if (!Utf8.IsValid(key))
        {
            var read = Encoding.UTF8.GetBytes(text);
            return SlotOf(_slots.HashOf(read), read);
        }

        var cell = host.Find(text);
        var slot = new KeySlot<TState, TEvent>(cell?.Key ?? text) { Cell = cell };
        _slots.Add(key, slot);
        return slot;
    }

    // A struct, since a store into an array of objects is checked each time.
    private struct Found
    {
        public KeySlot<TState, TEvent>? Slot;
    }
}
