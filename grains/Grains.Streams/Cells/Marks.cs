using System.Diagnostics.CodeAnalysis;

namespace Grains.Streams.Cells;

/// <summary>How far each partition has come in one cell, in the order in which they first came. The first stands in the cell itself: most cells of most logs have one.</summary>
internal struct Marks
{
    private Mark _first;
    private Mark[]? _others;

    public Marks(ReadOnlySpan<Mark> marks)
    {
        if (marks.IsEmpty) return;

        _first = marks[0];
        if (marks.Length > 1) _others = marks[1..].ToArray();
    }

    public readonly int Count => _others is not null ? 1 + _others.Length : _first.IsPresent ? 1 : 0;

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
            if (others[i].Partition == partition) return ref others[i];
        }

        _others = [.. others, new Mark(partition, Mark.None)];
        return ref _others[^1];
    }
}
