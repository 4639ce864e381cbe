namespace Grains.Windows;

/// <summary>The packed blocks of a course, by number.</summary>
internal struct PackedBlocks
{
    // Exactly as long as there are blocks: most courses have one or two, and one is added every ten minutes at most.
    private PackedBlock[]? _blocks;

    public readonly ReadOnlySpan<PackedBlock> Span => _blocks;

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

        _blocks = [.. Span[..~at], block, .. Span[~at..]];
    }

    public void Remove(uint number)
    {
        var at = IndexOf(number);
        if (at >= 0) _blocks = Span.Length == 1 ? null : [.. Span[..at], .. Span[(at + 1)..]];
    }

    public readonly PackedBlocks Copy() => new() { _blocks = _blocks is null ? null : [.. _blocks] };

    /// <summary>Where the block is, or the complement of where it would be.</summary>
    private readonly int IndexOf(uint number)
    {
        for (var i = Span.Length - 1; i >= 0; i--)
        {
            if (Span[i].Number == number) return i;
            if (Span[i].Number < number) return ~(i + 1);
        }

        return ~0;
    }
}
