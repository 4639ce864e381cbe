using System.Runtime.InteropServices;

namespace Grains.Windows;

/// <summary>Views of the newest seconds of a course, in the minute of its newest event and the two before it.</summary>
/// <remarks>
/// A quiet course has them in the tables of its minutes, for a few bytes a second that has views. A course whose minutes grow gets an array of all seconds, in which a view costs one addition;
/// from then on what the tables say of seconds is void.
/// </remarks>
internal struct RecentSeconds
{
    /// <summary>The most seconds that are kept.</summary>
    public const int Kept = (int)((Block.MinutesOfSeconds + 1) * 60);

    /// <summary>A minute with as many slots is busy.</summary>
    private const int BusySlots = 64;

    // By minute modulo 3, then second; null for a quiet course.
    private uint[]? _counts;

    public readonly bool IsQuiet => _counts is null;

    /// <summary>Views by second of one of the newest minutes of a busy course. They end at 4 billion in one second.</summary>
    public readonly Span<uint> Of(uint minute) => _counts.AsSpan((int)(minute % (Block.MinutesOfSeconds + 1)) * 60, 60);

    /// <summary>Takes note that the newest minute is another one.</summary>
    public readonly void Advance(uint before, uint newest)
    {
        if (_counts is null) return;

        var first = newest - before > Block.MinutesOfSeconds ? newest - Math.Min(newest, Block.MinutesOfSeconds) : before + 1;
        for (var minute = first; minute <= newest; minute++) Of(minute).Clear();
    }

    /// <summary>Moves the seconds out of the tables, if the current one has become busy.</summary>
    public void Settle(in OpenMinutes open, uint newestMinute)
    {
        if (_counts is not null || open.TableAt(0).Slots < BusySlots) return;

        var counts = new uint[Kept];
        foreach (var (second, views) in List(in open, newestMinute)) counts[second % Kept] = (uint)Math.Min(views, uint.MaxValue);
        _counts = counts;
    }

    /// <summary>The seconds that have views and those views, newest first.</summary>
    public readonly List<(uint Second, long Views)> List(in OpenMinutes open, uint newestMinute)
    {
        var list = new List<(uint Second, long Views)>();
        List(in open, newestMinute, list);
        return list;
    }

    /// <summary>Adds to <paramref name="list"/>, which is empty, the seconds that have views and those views, newest first.</summary>
    public readonly void List(in OpenMinutes open, uint newestMinute, List<(uint Second, long Views)> list)
    {
        var oldest = newestMinute - Math.Min(newestMinute, Block.MinutesOfSeconds);
        if (_counts is not null)
        {
            for (var minute = newestMinute; minute >= oldest && minute <= newestMinute; minute--)
            {
                var counts = Of(minute);
                for (var second = 59; second >= 0; second--)
                {
                    if (counts[second] != 0) list.Add(((minute * 60) + (uint)second, counts[second]));
                }
            }

            return;
        }

        for (var i = 0; i < open.Count; i++)
        {
            if (open.MinuteAt(i) < oldest) continue;

            foreach (var entry in open.TableAt(i))
            {
                if (entry.Kind == TallyKind.Second) list.Add(((open.MinuteAt(i) * 60) + entry.Id - 1, entry.Count));
            }
        }

        CollectionsMarshal.AsSpan(list).Sort(static (a, b) => b.Second.CompareTo(a.Second));
    }

    /// <summary>The views of one second; 0 where it is not among those that are kept.</summary>
    public readonly long ViewsOf(uint second, in OpenMinutes open, uint newestMinute)
    {
        var minute = second / 60;
        if (minute > newestMinute || minute + Block.MinutesOfSeconds < newestMinute) return 0;
        if (_counts is not null) return Of(minute)[(int)(second % 60)];

        for (var i = 0; i < open.Count; i++)
        {
            if (open.MinuteAt(i) == minute) return open.TableAt(i).ViewsOfSecond(second % 60);
        }

        return 0;
    }

    public readonly RecentSeconds Copy() => new() { _counts = _counts is null ? null : [.. _counts] };
}
