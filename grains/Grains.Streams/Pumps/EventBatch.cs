namespace Grains.Streams.Pumps;

/// <summary>The events of one poll: taken in the order of their positions, then grouped by key. The arrays are used again for the next poll.</summary>
internal sealed class EventBatch<TState, TEvent>
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private readonly List<KeySlot<TState, TEvent>> _slots = [];
    private int[] _slotNumbers = new int[1024];
    private long[] _positions = new long[1024];
    private TEvent[] _events = new TEvent[1024];
    private long[] _groupedPositions = [];
    private TEvent[] _groupedEvents = [];
    private int _count;
    private bool _grouped;

    /// <summary>How many events were taken.</summary>
    public int Count => _count;

    /// <summary>The position of the first event taken.</summary>
    public long FirstPosition => _positions[0];

    /// <summary>The keys that have events in it.</summary>
    public List<KeySlot<TState, TEvent>> Slots => _slots;

    /// <remarks>Runs per record; allocates only when a poll is larger than every one before.</remarks>
    public void Add(KeySlot<TState, TEvent> slot, long position, in TEvent taken)
    {
        if (_count == _events.Length) Grow();
        if (slot.Count++ == 0)
        {
            slot.Number = _slots.Count;
            _slots.Add(slot);
        }

        _slotNumbers[_count] = slot.Number;
        _positions[_count] = position;
        _events[_count] = taken;
        _count++;
    }

    /// <summary>Puts the events of each key together, in the order of their positions.</summary>
    public void Group()
    {
        if (_grouped) return;

        if (_groupedEvents.Length < _count)
        {
            _groupedEvents = new TEvent[_events.Length];
            _groupedPositions = new long[_events.Length];
        }

        var offset = 0;
        foreach (var slot in _slots)
        {
            slot.Offset = offset;
            offset += slot.Count;
        }

        for (var i = 0; i < _count; i++)
        {
            var at = _slots[_slotNumbers[i]].Offset++;
            _groupedEvents[at] = _events[i];
            _groupedPositions[at] = _positions[i];
        }

        foreach (var slot in _slots) slot.Offset -= slot.Count;
        _grouped = true;
    }

    public ReadOnlyMemory<TEvent> EventsOf(KeySlot<TState, TEvent> slot) => _groupedEvents.AsMemory(slot.Offset, slot.Count);

    public ReadOnlySpan<long> PositionsOf(KeySlot<TState, TEvent> slot) => _groupedPositions.AsSpan(slot.Offset, slot.Count);

    public void Clear()
    {
        foreach (var slot in _slots) slot.Count = 0;
        _slots.Clear();
        _count = 0;
        _grouped = false;
    }

    private void Grow()
    {
        Array.Resize(ref _slotNumbers, 2 * _count);
        Array.Resize(ref _positions, 2 * _count);
        Array.Resize(ref _events, 2 * _count);
    }
}
