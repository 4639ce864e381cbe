using System.Numerics;

namespace Grains.Windows.Rows;

/// <summary>Reads a body value by value: first its views by minute, then each value with its counts. The layout is in <see cref="BodyWriter"/>.</summary>
/// <remarks>Every method may throw a <see cref="FormatException"/>. What it allocates is bounded by the body's length.</remarks>
internal ref struct BodyReader
{
    /// <summary>The most views of one minute, so that no sum of a block overflows.</summary>
    public const long MostViews = (1L << 46) - 1;

    private readonly uint _active;
    private RowCursor _cursor;
    private TallyKind _kind;
    private int _left;
    private MinuteCounts _seen;

    /// <summary>Views by minute.</summary>
    public readonly MinuteCounts Views;

    /// <summary>The counts of the present value.</summary>
    public MinuteCounts Counts;

    public BodyReader(ReadOnlySpan<byte> body)
    {
        _cursor = new RowCursor(body);
        Names = ReadNames(ref _cursor);
        _active = (uint)_cursor.Varint((1 << (int)Block.Minutes) - 1);
        if (_active == 0) throw RowFormat.Damaged("it has no views");

        for (var mask = _active; mask != 0; mask &= mask - 1) Views[BitOperations.TrailingZeroCount(mask)] = ReadCount();
    }

    /// <summary>The names that are not well known.</summary>
    public string[] Names { get; }

    /// <summary>Which of the minutes have views.</summary>
    public readonly uint Active => _active;

    /// <summary>The kind of the present value.</summary>
    public readonly TallyKind Kind => _kind;

    /// <summary>The minutes in which the present value has views.</summary>
    public uint Mask { get; private set; }

    /// <summary>The code of the present value; of an agent, that of its browser.</summary>
    public uint Code { get; private set; }

    /// <summary>The operating system of an agent.</summary>
    public uint OsCode { get; private set; }

    /// <summary>The device of an agent.</summary>
    public uint DeviceCode { get; private set; }

    /// <summary>Goes on to the next value; false at the end.</summary>
    public bool Read()
    {
        while (_left == 0)
        {
            if (_kind != 0) CheckSums();
            if (_kind == TallyKind.Source)
            {
                return _cursor.AtEnd ? false : throw RowFormat.Damaged("it goes on behind its end");
            }

            _kind++;
            _left = _cursor.Count(2);
            _seen = default;
            Code = 0;
        }

        _left--;
        Code = (uint)_cursor.Varint(0xf_ffff) + Code;
        if (_kind == TallyKind.Agent)
        {
            OsCode = (uint)_cursor.Varint(0xf_ffff);
            DeviceCode = (uint)_cursor.Varint(0xf_ffff);
        }

        Mask = BitOperations.PopCount(_active) > 1 ? Spread((uint)_cursor.Varint((1 << BitOperations.PopCount(_active)) - 1)) : _active;
        if (Mask == 0) throw RowFormat.Damaged("a value has no views");

        Counts = default;
        for (var mask = Mask; mask != 0; mask &= mask - 1)
        {
            var minute = BitOperations.TrailingZeroCount(mask);
            Counts[minute] = ReadCount();
            _seen[minute] += Counts[minute];
            if (_seen[minute] > Views[minute]) throw RowFormat.Damaged("the values have more views than their minute");
        }

        return true;
    }

    private static string[] ReadNames(ref RowCursor cursor)
    {
        var count = cursor.Count(1);
        if (count == 0) return [];

        var names = new string[count];
        for (var i = 0; i < count; i++) names[i] = cursor.Text();
        return names;
    }

    private long ReadCount()
    {
        var count = _cursor.Varint(MostViews);
        return count > 0 ? count : throw RowFormat.Damaged("a count is zero");
    }

    /// <summary>A mask of the minutes of the block, from one of those that have views.</summary>
    private readonly uint Spread(uint ranks)
    {
        var mask = 0u;
        for (var active = _active; active != 0; active &= active - 1, ranks >>= 1)
        {
            if ((ranks & 1) != 0) mask |= active & (~active + 1);
        }

        return mask;
    }

    private readonly void CheckSums()
    {
        for (var minute = 0; minute < Block.Minutes; minute++)
        {
            if (_seen[minute] != Views[minute]) throw RowFormat.Damaged("the values have not the views of their minute");
        }
    }
}
