using System.Runtime.CompilerServices;

namespace Grains.Windows.Rows;

/// <summary>One count for each minute of a block.</summary>
[InlineArray((int)Block.Minutes)]
internal struct MinuteCounts
{
    private long _first;

    /// <summary>The sum of all.</summary>
    public readonly long Sum() => Sum(0, (int)Block.Minutes);

    /// <summary>Which of them are not zero: bit 0 is the first.</summary>
    public readonly uint Mask()
    {
        var mask = 0u;
        for (var minute = 0; minute < Block.Minutes; minute++)
        {
            if (this[minute] != 0) mask |= 1u << minute;
        }

        return mask;
    }

    /// <summary>The sum of those from one minute of the block until another, exclusive.</summary>
    public readonly long Sum(int from, int to)
    {
        var sum = 0L;
        for (var minute = from; minute < to; minute++) sum += this[minute];
        return sum;
    }
}
