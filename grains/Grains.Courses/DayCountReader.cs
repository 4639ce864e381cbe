using Grains.Abstractions;
using Grains.Streams;
using Grains.Streams.Storage;
using Grains.Windows;

namespace Grains.Courses;

/// <summary>Adds up what the storage has of courses to views a day, for those who want whole days.</summary>
/// <param name="snapshots">Snapshot rows of courses.</param>
/// <param name="history">Their closed blocks.</param>
/// <param name="vocabulary">Names of what is counted.</param>
/// <param name="utcOffset">Where midnight is.</param>
public sealed class DayCountReader(IBatchedSnapshots snapshots, IHistoryRows history, CourseVocabulary vocabulary, TimeSpan utcOffset)
{
    private const long SecondsADay = 24 * 60 * 60;
    private const long SecondsABlock = 600;
    private const string Views = "views";
    private const string Source = "source";

    private readonly RowReader _reader = new(vocabulary);

    /// <summary>Every course that has rows, and which blocks of it are closed.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked.</exception>
    public async Task<Dictionary<string, HashSet<long>>> CoursesAsync(CancellationToken cancellationToken)
    {
        var courses = new Dictionary<string, HashSet<long>>();
        await foreach (var row in snapshots.ScanAsync(cancellationToken)) courses.TryAdd(row.Key, []);
        await foreach (var row in history.ScanAllAsync(long.MinValue, long.MaxValue, cancellationToken))
        {
            if (courses.TryGetValue(row.Key, out var blocks)) blocks.Add(row.Window);
        }

        return courses;
    }

    /// <summary>The days of a course to which the blocks named belong, and those of which its snapshot row tells: all views, and views by source.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked, or a row is damaged.</exception>
    public async Task<IReadOnlyList<DayCount>> ReadAsync(string course, IEnumerable<long> closedBlocks, CancellationToken cancellationToken)
    {
        // Order matters, as in an export: a block leaves its course's snapshot for history.
        var reads = new[] { new SnapshotRead(course) };
        await snapshots.ReadAsync(reads, cancellationToken);
        if (reads[0].Version == 0) return [];

        var counts = new List<WindowCount>();
        var held = new List<long>();
        Read(course, () => _reader.ReadSnapshot(SnapshotRows.StateOf(reads[0].Payload).Span, counts, held));
        var days = closedBlocks.Concat(held).SelectMany(DaysOf).ToHashSet();
        if (days.Count == 0) return [];

        var sums = new Dictionary<(long Day, string Source), long>();
        Add(counts, days, sums);
        await foreach (var row in history.ScanAsync(course, FirstBlock(days.Min()), FirstBlock(days.Max() + 1) + 1, cancellationToken))
        {
            if (held.Contains(row.Window) || !DaysOf(row.Window).Any(days.Contains)) continue;

            counts.Clear();
            Read(course, () => _reader.ReadBlock(row.Window, row.Payload.Span, counts));
            Add(counts, days, sums);
        }

        return [.. sums.Select(sum => new DayCount(course, DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(sum.Key.Day)), sum.Key.Source, sum.Value, reads[0].Version))];
    }

    private void Add(List<WindowCount> counts, HashSet<long> days, Dictionary<(long Day, string Source), long> sums)
    {
        foreach (var count in counts)
        {
            if (count.WindowStart == 0 || count.Dimension is not (Views or Source) || !days.Contains(DayOf(count.WindowStart))) continue;

            var key = (DayOf(count.WindowStart), count.Dimension == Views ? "" : count.Value);
            sums[key] = sums.GetValueOrDefault(key) + count.Views;
        }
    }

    private long DayOf(long second) => Math.DivRem(second + (long)utcOffset.TotalSeconds, SecondsADay).Quotient;

    // An offset that is not a multiple of ten minutes has midnight within a block.
    private long[] DaysOf(long block) => [DayOf(block * SecondsABlock), DayOf(((block + 1) * SecondsABlock) - 1)];

    private long FirstBlock(long day) => ((day * SecondsADay) - (long)utcOffset.TotalSeconds) / SecondsABlock;

    private static void Read(string course, Action read)
    {
        try
        {
            read();
        }
        catch (FormatException damage)
        {
            throw new SnapshotStorageException($"A row of course '{course}' cannot be read: {damage.Message} Restore the storage from a backup.", isTransient: false, damage);
        }
    }
}
