using Grains.Abstractions;

namespace Grains.Windows;

/// <summary>The counters of one minute: views by second, agent, region and source in one hash table, which with its heading is one array.</summary>
/// <remarks>
/// A minute with one view takes 72 bytes. A copy of the struct is the same table until either grows.
/// </remarks>
internal struct MinuteTable(ulong[] words)
{
    // words: minute << 32 | entries used | views | slot, slot, … (4, 8, 16, …)
    // slot:  count << 18 | kind << 16 | id. Invariant: 0 where free; no key is 0, because a second's id is never 0.
    private const int Head = 2;
    private const int LeastSlots = 4;
    private const int CountShift = 18;
    private const uint KeyMask = (1u << CountShift) - 1;

    private ulong[] _words = words;

    /// <param name="minute">Minutes since 1970.</param>
    /// <param name="slots">A power of two: how many there are to be at first, if it is more than the least.</param>
    public MinuteTable(uint minute, int slots = 0)
        : this(new ulong[Head + Math.Max(slots, LeastSlots)]) => _words[0] = (ulong)minute << 32;

    public readonly uint Minute => (uint)(_words[0] >> 32);

    public readonly int Slots => _words.Length - Head;

    public readonly long Views => (long)_words[1];

    /// <summary>Whether it holds anything at all: the default value does not.</summary>
    public readonly bool IsPresent => _words is not null;

    public readonly MinuteTable Copy() => new([.. _words]);

    /// <summary>See <see cref="CourseWindows.Touch"/>: the array moves to another one when it grows, so it is looked at once.</summary>
    public readonly int Touch() => _words is { } words ? (int)words[0] + (int)words[^1] : 0;

    /// <summary>Counts events of this minute, but not by second.</summary>
    /// <remarks>Runs per record; allocates only when the table grows.</remarks>
    public void Count(ReadOnlySpan<CourseEvent> run)
    {
        foreach (ref readonly var view in run)
        {
            Add(TallyKind.Agent, view.Agent, 1);
            Add(TallyKind.Region, view.Region, 1);
            Add(TallyKind.Source, view.Source, 1);
        }

        _words[1] += (uint)run.Length;
    }

    /// <summary>Counts events of this minute by second.</summary>
    public void CountSeconds(ReadOnlySpan<CourseEvent> run)
    {
        var start = Minute * 60;
        foreach (ref readonly var view in run) Add(TallyKind.Second, view.EventTime - start + 1, 1);
    }

    /// <summary>Adds to the views without saying of what.</summary>
    public readonly void AddViews(long views) => _words[1] += (ulong)views;

    /// <summary>Adds to one counter, and not to the views.</summary>
    public void Add(TallyKind kind, uint id, long count)
    {
        var key = ((uint)kind << 16) | id;
        var words = _words;
        var last = words.Length - Head - 1;
        var at = Home(key, last);
        for (var left = last; left >= 0; left--)
        {
            ref var slot = ref words[Head + at];
            if (((uint)slot & KeyMask) == key)
            {
                slot += (ulong)count << CountShift;
                return;
            }

            if (slot == 0) break;

            at = (at + 1) & last;
        }

        Insert(key, count);
    }

    /// <summary>Views of one second of this minute, 0 to 59.</summary>
    public readonly long ViewsOfSecond(uint second)
    {
        foreach (var entry in this)
        {
            if (entry.Kind == TallyKind.Second && entry.Id == second + 1) return entry.Count;
        }

        return 0;
    }

    public readonly Enumerator GetEnumerator() => new(_words.AsSpan(Head));

    private static int Home(uint key, int last) => (int)((key * 0x9E37_79B1u) >> 15) & last;

    private void Insert(uint key, long count)
    {
        var used = (int)(uint)_words[0];
        var slots = Slots;
        // Tiny tables may be full: searching all of 8 slots costs no more than the memory saved.
        if (used >= (slots <= 8 ? slots : slots / 4 * 3)) Grow();

        Place(_words, ((ulong)count << CountShift) | key);
        _words[0]++;
    }

    private void Grow()
    {
        var words = new ulong[Head + (Slots * 2)];
        _words.AsSpan(0, Head).CopyTo(words);
        foreach (var slot in _words.AsSpan(Head))
        {
            if (slot != 0) Place(words, slot);
        }

        _words = words;
    }

    private static void Place(ulong[] words, ulong slot)
    {
        var last = words.Length - Head - 1;
        var at = Home((uint)slot & KeyMask, last);
        while (words[Head + at] != 0) at = (at + 1) & last;
        words[Head + at] = slot;
    }

    /// <summary>One counter.</summary>
    public readonly record struct Entry(TallyKind Kind, uint Id, long Count);

    /// <summary>Walks the counters, in no order that means anything.</summary>
    public ref struct Enumerator(ReadOnlySpan<ulong> slots)
    {
        private readonly ReadOnlySpan<ulong> _slots = slots;
        private int _at = -1;

        public readonly Entry Current => new((TallyKind)((_slots[_at] >> 16) & 3), (uint)_slots[_at] & 0xffff, (long)(_slots[_at] >> CountShift));

        public bool MoveNext()
        {
            while (++_at < _slots.Length)
            {
                if (_slots[_at] != 0) return true;
            }

            return false;
        }
    }
}
