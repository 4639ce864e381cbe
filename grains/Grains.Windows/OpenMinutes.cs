namespace Grains.Windows;

/// <summary>The minutes of a course that are counted in now: few, in no order, the one counted in last at hand.</summary>
internal struct OpenMinutes
{
    private MinuteTable _current;
    private MinuteTable[]? _others;
    private int _otherCount;

    public readonly int Count => _otherCount + (_current.IsPresent ? 1 : 0);

    public readonly MinuteTable this[int index] => index == 0 ? _current : _others![index - 1];

    /// <summary>The minute that <see cref="TrySelect"/> or <see cref="Add"/> chose last.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref MinuteTable Current => ref _current;

    /// <summary>Chooses a minute, if it is here.</summary>
    public bool TrySelect(uint minute)
    {
        if (_current.IsPresent && _current.Minute == minute) return true;

        for (var i = 0; i < _otherCount; i++)
        {
            if (_others![i].Minute != minute) continue;

            (_current, _others[i]) = (_others[i], _current);
            return true;
        }

        return false;
    }

    /// <summary>Takes a minute that is not here yet, and chooses it.</summary>
    public void Add(MinuteTable minute)
    {
        if (_current.IsPresent)
        {
            if (_others is null) _others = new MinuteTable[1];
            else if (_otherCount == _others.Length) Array.Resize(ref _others, _otherCount * 2);
            _others[_otherCount++] = _current;
        }

        _current = minute;
    }

    public readonly bool HoldsBlock(uint block)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Block.OfMinute(this[i].Minute) == block) return true;
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
        if (_current.IsPresent && Block.OfMinute(_current.Minute) == block) _current = kept > 0 ? _others![--_otherCount] : default;
        if (_otherCount == 0) _others = null;
    }

    /// <summary>The lowest block at or above <paramref name="from"/> that has minutes here.</summary>
    public readonly uint? NextBlock(uint from)
    {
        uint? next = null;
        for (var i = 0; i < Count; i++)
        {
            var block = Block.OfMinute(this[i].Minute);
            if (block >= from && (next is null || block < next)) next = block;
        }

        return next;
    }

    public readonly OpenMinutes Copy()
    {
        var copy = new OpenMinutes { _otherCount = _otherCount };
        if (_current.IsPresent) copy._current = _current.Copy();
        if (_otherCount == 0) return copy;

        copy._others = new MinuteTable[_otherCount];
        for (var i = 0; i < _otherCount; i++) copy._others[i] = _others![i].Copy();
        return copy;
    }
}
