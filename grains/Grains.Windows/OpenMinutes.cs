using System.Diagnostics.CodeAnalysis;

namespace Grains.Windows;

/// <summary>The minutes of a course that are counted in now: few, in no order, the one counted in last at hand.</summary>
/// <remarks>The numbers of the minutes stand beside the tables, so that looking for one touches no table.</remarks>
internal struct OpenMinutes
{
    private const int MostSlotsAtFirst = 1024;

    private MinuteTable _current;
    private (MinuteTable Table, uint Minute)[]? _others;
    private uint _currentMinute;
    private int _otherCount;

    public readonly int Count => _otherCount + (_current.IsPresent ? 1 : 0);

    /// <summary>The minute that <see cref="TrySelect"/>, <see cref="Begin"/> or <see cref="Add"/> chose last.</summary>
    [UnscopedRef]
    public ref MinuteTable Current => ref _current;

    public readonly MinuteTable TableAt(int index) => index == 0 ? _current : _others![index - 1].Table;

    public readonly uint MinuteAt(int index) => index == 0 ? _currentMinute : _others![index - 1].Minute;

    /// <summary>Chooses a minute, if it is here.</summary>
    public bool TrySelect(uint minute)
    {
        if (_currentMinute == minute && _current.IsPresent) return true;

        for (var i = 0; i < _otherCount; i++)
        {
            if (_others![i].Minute != minute) continue;

            var chosen = _others[i];
            _others[i] = (_current, _currentMinute);
            (_current, _currentMinute) = chosen;
            return true;
        }

        return false;
    }

    /// <summary>Adds a minute that is not here yet, and chooses it.</summary>
    public void Begin(uint minute)
    {
        // What the minute before needed is the best guess; half of it, so that one busy minute is soon forgotten.
        var slots = _current.IsPresent ? _current.Slots / 2 : 0;
        Add(new MinuteTable(minute, Math.Min(slots, MostSlotsAtFirst)));
    }

    /// <summary>Takes a minute that is not here yet, and chooses it.</summary>
    public void Add(MinuteTable table)
    {
        if (_current.IsPresent)
        {
            if (_others is null) _others = new (MinuteTable, uint)[1];
            else if (_otherCount == _others.Length) Array.Resize(ref _others, _otherCount * 2);
            _others[_otherCount++] = (_current, _currentMinute);
        }

        (_current, _currentMinute) = (table, table.Minute);
    }

    /// <summary>See <see cref="CourseWindows.Touch"/>.</summary>
    public readonly int Touch() => _current.Touch();

    public readonly bool HoldsBlock(uint block)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Block.OfMinute(MinuteAt(i)) == block) return true;
        }

        return false;
    }

    /// <summary>Lets go of the minutes of one block.</summary>
    public void RemoveBlock(uint block)
    {
        var kept = 0;
        for (var i = 0; i < _otherCount; i++)
        {
            if (Block.OfMinute(_others![i].Minute) != block) _others[kept++] = _others[i];
        }

        _others.AsSpan(kept).Clear();
        _otherCount = kept;
        if (_current.IsPresent && Block.OfMinute(_currentMinute) == block)
        {
            (_current, _currentMinute) = kept > 0 ? _others![--_otherCount] : default;
        }

        if (_otherCount == 0) _others = null;
    }

    /// <summary>The lowest block at or above <paramref name="from"/> that has minutes here.</summary>
    public readonly uint? NextBlock(uint from)
    {
        uint? next = null;
        for (var i = 0; i < Count; i++)
        {
            var block = Block.OfMinute(MinuteAt(i));
            if (block >= from && (next is null || block < next)) next = block;
        }

        return next;
    }

    public readonly OpenMinutes Copy()
    {
        var copy = default(OpenMinutes);
        for (var i = Count - 1; i >= 0; i--) copy.Add(TableAt(i).Copy());
        return copy;
    }
}
