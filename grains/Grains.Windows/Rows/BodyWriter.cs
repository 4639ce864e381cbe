using System.Numerics;
using Grains.Abstractions;

namespace Grains.Windows.Rows;

/// <summary>Writes the body of a block: the same content gives the same bytes, whatever ids it has in this process.</summary>
/// <remarks>
/// <code>
/// body:   number of names | name, … | mask of minutes with views | views of each such minute, … | agents | regions | sources
/// name:   length | UTF-8; each name that is not well known, in order of its characters
/// agents, regions, sources: number of values | value, …; in order of their codes
/// value:  code less that of the value before (of an agent: of the browser alone, then os, device) | mask of its minutes | count in each of them, …
/// code:   id &lt;&lt; 1 of a well-known name, index &lt;&lt; 1 | 1 of a name in the row
/// masks:  bit 0 is the first minute; that of a value has one bit for each minute that has views at all, and is left out where there is but one
/// </code>
/// </remarks>
internal sealed class BodyWriter(CourseVocabulary vocabulary)
{
    private readonly List<string> _names = [];
    private ulong[] _keys = new ulong[256];
    private int[] _values = new int[256];

    public void Write(RowWriter row, BlockGrid grid)
    {
        CollectNames(grid);
        row.Varint(_names.Count);
        foreach (var name in _names) row.Text(name);

        var active = grid.Views.Mask();
        row.Varint(active);
        WriteCounts(row, in grid.Views, active);

        var count = Sort(grid);
        var at = 0;
        for (var kind = TallyKind.Agent; kind <= TallyKind.Source; kind++)
        {
            var end = at;
            while (end < count && _keys[end] >> 60 == (ulong)kind) end++;
            row.Varint(end - at);
            WriteValues(row, grid, kind, at, end, active);
            at = end;
        }
    }

    private void WriteValues(RowWriter row, BlockGrid grid, TallyKind kind, int from, int to, uint active)
    {
        var before = 0UL;
        for (var i = from; i < to; i++)
        {
            var code = (_keys[i] >> 40) & 0xf_ffff;
            row.Varint(code - before);
            before = code;
            if (kind == TallyKind.Agent)
            {
                row.Varint((_keys[i] >> 20) & 0xf_ffff);
                row.Varint(_keys[i] & 0xf_ffff);
            }

            ref readonly var value = ref grid[_values[i]];
            if (BitOperations.PopCount(active) > 1) row.Varint(RankMask(value.Mask, active));
            WriteCounts(row, in value.Counts, value.Mask);
        }
    }

    private static void WriteCounts(RowWriter row, in MinuteCounts counts, uint mask)
    {
        for (; mask != 0; mask &= mask - 1) row.Varint(counts[BitOperations.TrailingZeroCount(mask)]);
    }

    private static uint RankMask(uint mask, uint active)
    {
        var ranks = 0u;
        for (var rank = 0; active != 0; active &= active - 1, rank++)
        {
            if ((mask & active & (~active + 1)) != 0) ranks |= 1u << rank;
        }

        return ranks;
    }

    /// <summary>Puts the values that have views in the order of kind and codes.</summary>
    private int Sort(BlockGrid grid)
    {
        if (_keys.Length < grid.Count)
        {
            _keys = new ulong[grid.Count * 2];
            _values = new int[grid.Count * 2];
        }

        var count = 0;
        for (var i = 0; i < grid.Count; i++)
        {
            ref readonly var value = ref grid[i];
            if (value.Mask == 0) continue;

            _keys[count] = ((ulong)value.Kind << 60) | CodesOf(value.Kind, value.Id);
            _values[count++] = i;
        }

        _keys.AsSpan(0, count).Sort(_values.AsSpan(0, count));
        return count;
    }

    private ulong CodesOf(TallyKind kind, uint id)
    {
        if (kind == TallyKind.Region) return (ulong)CodeOf(vocabulary.Regions, id) << 40;
        if (kind == TallyKind.Source) return (ulong)CodeOf(vocabulary.Sources, id) << 40;

        var agent = vocabulary.Agents[(int)id];
        return ((ulong)CodeOf(vocabulary.Browsers, agent.Browser) << 40) | ((ulong)CodeOf(vocabulary.OperatingSystems, agent.Os) << 20) | CodeOf(vocabulary.Devices, agent.Device);
    }

    private uint CodeOf(Vocabulary names, uint id) =>
        id < names.WellKnown ? id << 1 : ((uint)_names.BinarySearch(names[(int)id], StringComparer.Ordinal) << 1) | 1;

    private void CollectNames(BlockGrid grid)
    {
        _names.Clear();
        for (var i = 0; i < grid.Count; i++)
        {
            ref readonly var value = ref grid[i];
            if (value.Mask == 0) continue;

            switch (value.Kind)
            {
                case TallyKind.Region:
                    Collect(vocabulary.Regions, value.Id);
                    break;
                case TallyKind.Source:
                    Collect(vocabulary.Sources, value.Id);
                    break;
                default:
                    var agent = vocabulary.Agents[(int)value.Id];
                    Collect(vocabulary.Browsers, agent.Browser);
                    Collect(vocabulary.OperatingSystems, agent.Os);
                    Collect(vocabulary.Devices, agent.Device);
                    break;
            }
        }
    }

    private void Collect(Vocabulary names, uint id)
    {
        if (id < names.WellKnown) return;

        var at = _names.BinarySearch(names[(int)id], StringComparer.Ordinal);
        if (at < 0) _names.Insert(~at, names[(int)id]);
    }
}
