using System.Numerics;

namespace Grains.Windows.Rows;

/// <summary>The values of one block, each with a count for each minute: what a body is written from. Used again and again; its memory is that of the largest block it saw.</summary>
internal sealed class BlockGrid
{
    // For each kind: id → 1 + index of the value; 0 where the block has none.
    private readonly int[][] _indexes = [[], new int[1024], new int[1024], new int[256]];
    private Value[] _values = new Value[256];

    public int Count { get; private set; }

    /// <summary>Views by minute.</summary>
    public MinuteCounts Views;

    public ref readonly Value this[int index] => ref _values[index];

    public void Clear()
    {
        foreach (ref readonly var value in _values.AsSpan(0, Count)) _indexes[(int)value.Kind][value.Id] = 0;
        Count = 0;
        Views = default;
    }

    /// <summary>Adds one value's views of one minute of the block.</summary>
    public void Add(TallyKind kind, uint id, int minute, long count) => Find(kind, id).Add(minute, count);

    /// <summary>Adds a minute that is counted in.</summary>
    public void Add(MinuteTable table)
    {
        var minute = (int)(table.Minute % Block.Minutes);
        Views[minute] += table.Views;
        foreach (var entry in table)
        {
            if (entry.Kind != TallyKind.Second) Add(entry.Kind, entry.Id, minute, entry.Count);
        }
    }

    /// <summary>Adds the values of a body; all of it to one minute where <paramref name="into"/> says so.</summary>
    public void Add(ref BodyReader body, NameTable names, int? into = null)
    {
        for (var minute = 0; minute < Block.Minutes; minute++) Views[into ?? minute] += body.Views[minute];
        while (body.Read())
        {
            ref var value = ref Find(body.Kind, names.IdOf(ref body));
            for (var mask = body.Mask; mask != 0; mask &= mask - 1)
            {
                var minute = BitOperations.TrailingZeroCount(mask);
                value.Add(into ?? minute, body.Counts[minute]);
            }
        }
    }

    /// <summary>Takes a body away from what is in minute 0.</summary>
    /// <remarks>
    /// A name that found no room in an earlier process was counted as another one. What is not there under a value's own name is taken from that one, and then from any,
    /// so that the totals of every dimension stay exact.
    /// </remarks>
    /// <exception cref="FormatException">There is less than is taken away.</exception>
    public void Subtract(ref BodyReader body, NameTable names)
    {
        var views = body.Views.Sum();
        if (views > Views[0]) throw RowFormat.Damaged("a block has more views than all time");

        Views[0] -= views;
        Span<long> owed = stackalloc long[_indexes.Length];
        while (body.Read())
        {
            var count = body.Counts.Sum();
            owed[(int)body.Kind] += count - Take(ref Find(body.Kind, names.IdOf(ref body)), count);
        }

        for (var kind = 1; kind < owed.Length; kind++)
        {
            if (owed[kind] > 0) owed[kind] -= Take(ref Find((TallyKind)kind, 0), owed[kind]);
            for (var i = 0; i < Count && owed[kind] > 0; i++)
            {
                if ((int)_values[i].Kind == kind) owed[kind] -= Take(ref _values[i], owed[kind]);
            }
        }
    }

    private static long Take(ref Value value, long count)
    {
        var taken = Math.Min(count, value.Counts[0]);
        value.Counts[0] -= taken;
        value.Mask = value.Counts.Mask();
        return taken;
    }

    private ref Value Find(TallyKind kind, uint id)
    {
        ref var indexes = ref _indexes[(int)kind];
        if (id >= indexes.Length) Array.Resize(ref indexes, Math.Max(indexes.Length * 2, (int)id + 1));

        ref var index = ref indexes[id];
        if (index == 0)
        {
            if (Count == _values.Length) Array.Resize(ref _values, Count * 2);
            _values[Count] = new Value { Kind = kind, Id = id };
            index = ++Count;
        }

        return ref _values[index - 1];
    }

    /// <summary>One value.</summary>
    public struct Value
    {
        public TallyKind Kind;
        public uint Id;
        public MinuteCounts Counts;

        /// <summary>The minutes whose count is not zero.</summary>
        public uint Mask;

        public void Add(int minute, long count)
        {
            Counts[minute] += count;
            Mask |= 1u << minute;
        }
    }
}
