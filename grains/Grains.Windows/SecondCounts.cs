using System.Runtime.CompilerServices;

namespace Grains.Windows;

/// <summary>Views of the newest seconds of a course, counted back from its newest event.</summary>
internal readonly ref struct SecondCounts
{
    /// <summary>At most this many seconds are kept: the newest minute, which may be whole, and those before it.</summary>
    public const int Kept = (int)((Block.MinutesOfSeconds + 1) * 60);

    private readonly Counts _counts;

    public SecondCounts(OpenMinutes open, uint newest)
    {
        for (var i = 0; i < open.Count; i++)
        {
            var table = open[i];
            if (table.Minute + Block.MinutesOfSeconds < newest / 60) continue;

            foreach (var entry in table)
            {
                if (entry.Kind != TallyKind.Second) continue;

                _counts[(int)(newest - ((table.Minute * 60) + entry.Id - 1))] = entry.Count;
                Count++;
            }
        }
    }

    /// <summary>How many seconds have views.</summary>
    public int Count { get; }

    /// <summary>The views of the second that is so many seconds before the newest event.</summary>
    public long this[int back] => _counts[back];

    [InlineArray(Kept)]
    private struct Counts
    {
        private long _first;
    }
}
