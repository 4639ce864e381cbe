using System.Runtime.CompilerServices;
using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams;
using Grains.Streams.Storage;
using Grains.Windows;

namespace Grains.Courses;

/// <summary>Reads every number there is from the storage alone.</summary>
public sealed class CourseExport(IBatchedSnapshots snapshots, IHistoryRows history, CourseVocabulary vocabulary)
{
    /// <summary>Every number at a resolution of one minute, and each course's views of all time, in no particular order.</summary>
    /// <exception cref="SnapshotStorageException">The storage could not be asked, or a row is damaged.</exception>
    public async IAsyncEnumerable<ExportRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new RowReader(vocabulary);
        var counts = new List<WindowCount>();
        var blocks = new List<long>();
        // Order matters: a block leaves its course's snapshot for history, so snapshots are read first, and what they hold is not taken from history again.
        var held = new HashSet<(string Course, long Block)>();
        await foreach (var snapshot in snapshots.ScanAsync(cancellationToken))
        {
            Read(snapshot.Key, () => reader.ReadSnapshot(SnapshotRows.StateOf(snapshot.Payload).Span, counts, blocks));
            foreach (var block in blocks) held.Add((snapshot.Key, block));
            foreach (var count in counts) yield return Row(snapshot.Key, count);
            counts.Clear();
            blocks.Clear();
        }

        await foreach (var row in history.ScanAllAsync(long.MinValue, long.MaxValue, cancellationToken))
        {
            if (held.Contains((row.Key, row.Window))) continue;

            Read(row.Key, () => reader.ReadBlock(row.Window, row.Payload.Span, counts));
            foreach (var count in counts) yield return Row(row.Key, count);
            counts.Clear();
        }
    }

    private static ExportRow Row(string course, WindowCount count) => new(course, count.WindowStart, count.Dimension, count.Value, count.Views);

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
