namespace Grains.Windows;

/// <summary>The packed blocks of a course, by number.</summary>
internal struct PackedBlocks
{
    private PackedBlock[]? _blocks;
    private int _count;

    public readonly ReadOnlySpan<PackedBlock> Span => _blocks.AsSpan(0, _count);

    /// <summary>The block, if its content is here.</summary>
    public readonly bool TryFind(uint number, out PackedBlock found)
    {
        var at = IndexOf(number);
        found = at < 0 ? default : _blocks![at];
        return found.Row is not null;
    }

    /// <summary>Adds a block, or takes it in the place of what is here of it.</summary>
    public void Put(PackedBlock block)
    {
        var at = IndexOf(block.Number);
        if (at >= 0)
        {
            _blocks![at] = block;
            return;
        }

        at = ~at;
        // Most courses have few blocks: grow by one up to four, then by half.
        if (_blocks is null || _count == _blocks.Length) Array.Resize(ref _blocks, _count < 4 ? _count + 1 : _count + (_count / 2));
        Array.Copy(_blocks, at, _blocks, at + 1, _count - at);
        _blocks[at] = block;
        _count++;
    }

    public void Remove(uint number)
    {
        var at = IndexOf(number);
        if (at < 0) return;

        Array.Copy(_blocks!, at + 1, _blocks!, at, --_count - at);
        _blocks![_count] = default;
        if (_count == 0) _blocks = null;
    }

    public readonly PackedBlocks Copy() => new() { _blocks = _count == 0 ? null : Span.ToArray(), _count = _count };

    private readonly int IndexOf(uint number)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_blocks![i].Number == number) return i;
            if (_blocks[i].Number < number) return ~(i + 1);
        }

        return ~0;
    }
}
