using Grains.Abstractions;
using Grains.Windows.Rows;

namespace Grains.Windows;

/// <summary>Reads the numbers in stored rows, without a course: for an export of the storage.</summary>
/// <remarks>
/// A block of which a snapshot row tells must not be read from history as well: the snapshot row is what counts.
/// Names are those of the rows, whether or not this process has room for them.
/// </remarks>
public sealed class RowReader(CourseVocabulary vocabulary)
{
    private readonly NameTable _names = new(vocabulary);
    private readonly Dictionary<(string Dimension, string Value), MinuteCounts> _counts = [];

    /// <summary>Adds every number of a history row, by minute.</summary>
    /// <exception cref="FormatException">The row is damaged or of a later format.</exception>
    public void ReadBlock(long block, ReadOnlySpan<byte> historyRow, ICollection<WindowCount> counts)
    {
        if (!historyRow.IsEmpty) ReadBody(block, RowFormat.Open(historyRow, RowFormat.BlockRow, checked((uint)block)), counts);
    }

    /// <summary>Adds every number of a snapshot row: those of its blocks by minute, and the views of all time. Adds its blocks to <paramref name="blocks"/>.</summary>
    /// <exception cref="FormatException">The row is damaged or of a later format.</exception>
    public void ReadSnapshot(ReadOnlySpan<byte> snapshotRow, ICollection<WindowCount> counts, ICollection<long> blocks)
    {
        var cursor = new RowCursor(RowFormat.Open(snapshotRow, RowFormat.SnapshotRow, 0));
        cursor.UInt32();
        cursor.Varint(long.MaxValue);
        cursor.Varint(uint.MaxValue);
        var leftOut = cursor.Framed();
        var allTime = leftOut.IsEmpty ? 0 : ViewsOf(leftOut);
        for (var left = cursor.Count(2); left > 0; left--)
        {
            cursor.Varint(uint.MaxValue);
            cursor.Varint(long.MaxValue);
        }

        var block = 0L;
        for (var left = cursor.Count(2); left > 0; left--)
        {
            block += cursor.Varint(uint.MaxValue);
            var body = cursor.Framed();
            blocks.Add(block);
            ReadBody(block, body, counts);
            allTime += ViewsOf(body);
        }

        counts.Add(new WindowCount(0, "views", "", allTime));
    }

    private static long ViewsOf(ReadOnlySpan<byte> body) => new BodyReader(body).Views.Sum();

    private void ReadBody(long block, ReadOnlySpan<byte> content, ICollection<WindowCount> counts)
    {
        _counts.Clear();
        var body = new BodyReader(content);
        while (body.Read())
        {
            switch (body.Kind)
            {
                case TallyKind.Region:
                    Add("region", _names.NameOf(ref body), in body.Counts);
                    break;
                case TallyKind.Source:
                    Add("source", _names.NameOf(ref body), in body.Counts);
                    break;
                default:
                    Add("client", _names.NameOf(ref body), in body.Counts);
                    Add("os", _names.OsOf(ref body), in body.Counts);
                    Add("device", _names.DeviceOf(ref body), in body.Counts);
                    break;
            }
        }

        Tell(block, "views", "", in body.Views, counts);
        foreach (var ((dimension, value), views) in _counts) Tell(block, dimension, value, in views, counts);
    }

    private void Add(string dimension, string value, in MinuteCounts counts)
    {
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, (dimension, value), out _);
        for (var minute = 0; minute < Block.Minutes; minute++) sum[minute] += counts[minute];
    }

    private static void Tell(long block, string dimension, string value, in MinuteCounts views, ICollection<WindowCount> counts)
    {
        for (var minute = 0; minute < Block.Minutes; minute++)
        {
            if (views[minute] != 0) counts.Add(new WindowCount((block * Block.Seconds) + (minute * 60), dimension, value, views[minute]));
        }
    }
}
