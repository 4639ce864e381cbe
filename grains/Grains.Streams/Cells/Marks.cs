using System.Diagnostics.CodeAnalysis;

namespace Grains.Streams.Cells;

/// <summary>How far each partition has come in one cell, in the order in which they first came. The first stands in the cell itself: most cells of most logs have one.</summary>
internal struct Marks
{
    private Mark _first;

    // Invariant: those that are present come first.
    private Mark[]? _others;

    public Marks(ReadOnlySpan<Mark> marks)
    {
        if (marks.IsEmpty) return;

        _first = marks[0];
        if (marks.Length > 1) _others = marks[1..].ToArray();
    }

    public readonly int Count
    {
        get
        {
            if (!_first.IsPresent) return 0;

            var count = 1;
            foreach (ref readonly var other in _others.AsSpan())
            {
                if (other.IsPresent) count++;
            }

            return count;
        }
    }

    /// <summary>The durable position of a partition that has a mark.</summary>
    /// <remarks>Safe beside a writer. Order matters: the array is read once, since it may be replaced by a longer copy; what is written to the copy is then not seen, and was later.</remarks>
    public readonly long DurableOf(int partition)
    {
        if (_first.Partition == partition) return Volatile.Read(in _first.Durable);

        foreach (ref readonly var other in _others.AsSpan())
        {
            if (other.Partition == partition) return Volatile.Read(in other.Durable);
        }

        return Mark.None;
    }

    /// <summary>See <see cref="IKeyedState{TEvent}.Touch"/>.</summary>
    public readonly int Touch() => _others is { } others ? (int)others[0].Applied + (int)others[^1].Applied : (int)_first.Applied;

    /// <summary>A copy of the mark with that index.</summary>
    public readonly Mark At(int index) => index == 0 ? _first : _others![index - 1];

    [UnscopedRef]
    public ref Mark this[int index]
    {
        get
        {
            if (index == 0) return ref _first;
            return ref _others![index - 1];
        }
    }

    /// <summary>The mark of a partition, added now if it has none.</summary>
    [UnscopedRef]
    public ref Mark Of(int partition)
    {
        if (!_first.IsPresent) _first = new Mark(partition, Mark.None);
        if (_first.Partition == partition) return ref _first;

        var others = _others ?? [];
        for (var i = 0; i < others.Length; i++)
        {
            if (!others[i].IsPresent) others[i] = new Mark(partition, Mark.None);
            if (others[i].Partition == partition) return ref others[i];
        }

        // 2, 4, 8, … with the first one: topics have powers of two of partitions.
        var at = others.Length;
        Array.Resize(ref others, (2 * at) + 1);
        _others = others;
        others[at] = new Mark(partition, Mark.None);
        return ref others[at];
    }
}
