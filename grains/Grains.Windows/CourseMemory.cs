using Grains.Windows.Rows;

namespace Grains.Windows;

/// <summary>What is in memory of a course, for reading.</summary>
internal readonly ref struct CourseMemory(in OpenMinutes open, ReadOnlySpan<PackedBlock> packed, long newest)
{
    private readonly OpenMinutes _open = open;
    private readonly ReadOnlySpan<PackedBlock> _packed = packed;

    /// <summary>Adds the views from <paramref name="start"/> on, a whole minute, to points of <paramref name="step"/> seconds, whole minutes.</summary>
    public void AddViews(Span<long> points, long start, long step)
    {
        var end = start + (points.Length * step);
        for (var i = 0; i < _open.Count; i++)
        {
            var time = _open.MinuteAt(i) * 60L;
            if (time >= start && time < end) points[(int)((time - start) / step)] += _open.TableAt(i).Views;
        }

        for (var i = _packed.Length - 1; i >= 0; i--)
        {
            ref readonly var packed = ref _packed[i];
            var time = packed.Number * (long)Block.Seconds;
            if (time + Block.Seconds <= start) break;
            if (time >= end || packed.Views == 0) continue;

            // Past that reach a number of views may be here or not, by when the last snapshot was taken: history is asked for it, so it must not count.
            if (packed.Keeping == BlockKeeping.Views && packed.Number + CourseWindows.ViewsKept < newest / Block.Seconds) continue;

            var isOfOnePoint = time >= start && time + Block.Seconds <= end && (time - start) / step == (time + Block.Seconds - 1 - start) / step;
            if (isOfOnePoint) points[(int)((time - start) / step)] += packed.Views;
            else if (packed.Row is not null) AddViews(points, start, step, packed.Number, RowFormat.Content(packed.Row));
        }
    }

    /// <summary>Adds the views of one body.</summary>
    public static void AddViews(Span<long> points, long start, long step, uint block, ReadOnlySpan<byte> body)
    {
        var views = new BodyReader(body).Views;
        for (var minute = 0; minute < Block.Minutes; minute++)
        {
            var time = (block * (long)Block.Seconds) + (minute * 60) - start;
            if (time >= 0 && time < points.Length * step) points[(int)(time / step)] += views[minute];
        }
    }
}
