using System.Buffers;
using Grains.Windows.Rows;

namespace Grains.Windows;

/// <remarks>
/// The snapshot row's content:
/// <code>
/// newest event time (four bytes) | late | 1 + highest block ever left out, or 0
/// | bytes of the sum of what was left out | its body
/// | number of blocks left out of late | (blocks back: the first from the newest event's, then from the one before | views), …
/// | number of blocks | (block: the first by its number, then less the one before | bytes of the body | body), …
/// | number of seconds | (seconds back: the first from the newest event, then from the one before | views), …
/// </code>
/// </remarks>
public partial class CourseWindows
{
    /// <summary>Of so many blocks before that of the newest event at least the number of views is known without a read: a day, and two hours for a service that is ahead of the course.</summary>
    internal const uint ViewsKept = 26 * 6;

    /// <summary>Writes the whole of what must be in the snapshot row, and adds to <paramref name="closed"/> the blocks in it that have closed, each with its history row, once they are more than <see cref="WindowSettings.ClosedBytesInRow"/>.</summary>
    /// <remarks>The memory of a history row is not changed afterwards. A block is named in each call until <see cref="Sealed"/> has named it.</remarks>
    public void Save(IBufferWriter<byte> row, ICollection<ClosedBlock> closed)
    {
        var tools = RowTools.Of(rules.Vocabulary);
        Pack(tools);
        LeaveOut(tools);
        Forget();

        var writer = tools.Row;
        writer.Clear();
        writer.Byte(RowFormat.SnapshotRow);
        writer.UInt32(_newest);
        writer.Varint(_late);
        writer.Varint(_sealedBefore);
        writer.Framed(_leftOut);
        WriteLeftOutOfLate(writer);
        WriteBlocks(tools, closed);
        WriteSeconds(tools);
        RowFormat.Seal(writer);
        row.Write(writer.Written);
    }

    /// <summary>Takes the state from a snapshot row. Called once, on a new state.</summary>
    /// <exception cref="FormatException">The row is damaged or of a later format; the state must not be used.</exception>
    public void Load(ReadOnlySpan<byte> row)
    {
        var tools = RowTools.Of(rules.Vocabulary);
        var cursor = new RowCursor(RowFormat.Open(row, RowFormat.SnapshotRow, 0));
        _newest = cursor.UInt32();
        _late = cursor.Varint(long.MaxValue);
        _sealedBefore = (uint)cursor.Varint((_newest / Block.Seconds) + 1);
        _wholeFrom = _sealedBefore;

        var leftOut = cursor.Framed();
        if (!leftOut.IsEmpty)
        {
            _leftOut = leftOut.ToArray();
            _views = tools.Check(leftOut);
            if (new BodyReader(leftOut).Active != 1) throw RowFormat.Damaged("the sum of what was left out has minutes");
        }

        ReadLeftOutOfLate(ref cursor);
        ReadBlocks(ref cursor, tools);
        ReadSeconds(ref cursor);
        if (!cursor.AtEnd) throw RowFormat.Damaged("it goes on behind its end");
        if (_late > _views) throw RowFormat.Damaged("more views are late than there are");
    }

    /// <summary>Packs the open blocks that have closed.</summary>
    private void Pack(RowTools tools)
    {
        var closedBefore = rules.ClosedBefore(_newest);
        for (var block = _open.NextBlock(0); block < closedBefore; block = _open.NextBlock(block.Value + 1))
        {
            WriteBody(tools, block.Value);
            _packed.Put(new PackedBlock(block.Value, BlockKeeping.Row, RowFormat.Seal(block.Value, tools.Body.Written), tools.Grid.Views.Sum()));
            _open.RemoveBlock(block.Value);
        }
    }

    /// <summary>Adds to the sum of what is left out the blocks that history has by now.</summary>
    private void LeaveOut(RowTools tools)
    {
        var isLoaded = false;
        for (var i = 0; i < _packed.Span.Length; i++)
        {
            var packed = _packed.Span[i];
            if (packed.Keeping != BlockKeeping.Sealed) continue;

            if (!isLoaded) LoadLeftOut(tools);
            isLoaded = true;
            var body = new BodyReader(RowFormat.Content(packed.Row));
            tools.Grid.Add(ref body, tools.Names, into: 0);
            _packed.Put(packed with { Keeping = BlockKeeping.History });
            _sealedBefore = Math.Max(_sealedBefore, packed.Number + 1);
        }

        if (isLoaded) StoreLeftOut(tools);
    }

    /// <summary>Lets go of what only saves reads and is too old for that.</summary>
    private void Forget()
    {
        var forgottenBefore = rules.ForgottenBefore(_newest);
        for (var i = _packed.Span.Length - 1; i >= 0; i--)
        {
            var packed = _packed.Span[i];
            var isForgotten = packed.Keeping == BlockKeeping.History && packed.Number < forgottenBefore;
            if (isForgotten) _wholeFrom = Math.Max(_wholeFrom, packed.Number + 1);
            if (!isForgotten && packed.Keeping != BlockKeeping.Views) continue;

            if (IsLeftOutOfLate(in packed)) _packed.Put(packed with { Keeping = BlockKeeping.Views, Row = null });
            else _packed.Remove(packed.Number);
        }
    }

    private void WriteBody(RowTools tools, uint block)
    {
        tools.Grid.Clear();
        for (var i = 0; i < _open.Count; i++)
        {
            if (Block.OfMinute(_open.MinuteAt(i)) == block) tools.Grid.Add(_open.TableAt(i));
        }

        tools.Body.Clear();
        tools.Bodies.Write(tools.Body, tools.Grid);
    }

    private void WriteBlocks(RowTools tools, ICollection<ClosedBlock> closed)
    {
        var (count, bytes) = (0, 0);
        foreach (ref readonly var packed in _packed.Span)
        {
            if (packed.Keeping != BlockKeeping.Row) continue;

            count++;
            bytes += packed.Row!.Length;
        }

        for (var block = _open.NextBlock(0); block is not null; block = _open.NextBlock(block.Value + 1)) count++;
        tools.Row.Varint(count);

        // Order: every packed block of the row has closed, so that its number is below that of every open one.
        var before = 0u;
        foreach (ref readonly var packed in _packed.Span)
        {
            if (packed.Keeping != BlockKeeping.Row) continue;

            tools.Row.Varint(packed.Number - before);
            tools.Row.Framed(RowFormat.Content(packed.Row));
            if (bytes > rules.ClosedBytesInRow) closed.Add(new ClosedBlock(packed.Number, packed.Row));
            before = packed.Number;
        }

        for (var block = _open.NextBlock(0); block is not null; block = _open.NextBlock(block.Value + 1))
        {
            WriteBody(tools, block.Value);
            tools.Row.Varint(block.Value - before);
            tools.Row.Framed(tools.Body.Written);
            before = block.Value;
        }
    }

    private void ReadBlocks(ref RowCursor cursor, RowTools tools)
    {
        var closedBefore = rules.ClosedBefore(_newest);
        var block = 0L;
        for (var left = cursor.Count(2); left > 0; left--)
        {
            block += cursor.Varint(uint.MaxValue);
            if (block > _newest / Block.Seconds) throw RowFormat.Damaged("a block is newer than the newest event");

            var body = cursor.Framed();
            var views = tools.Check(body);
            var number = (uint)block;
            if (_packed.TryFind(number, out _) || _open.HoldsBlock(number)) throw RowFormat.Damaged("a block stands twice");

            _views += views;
            if (number < closedBefore) _packed.Put(new PackedBlock(number, BlockKeeping.Row, RowFormat.Seal(number, body), views));
            else Unpack(number, body);
        }
    }

    private bool IsLeftOutOfLate(in PackedBlock packed) =>
        packed.Keeping != BlockKeeping.Row && packed.Views > 0 && packed.Number + ViewsKept >= _newest / Block.Seconds;

    private void WriteLeftOutOfLate(RowWriter writer)
    {
        var count = 0;
        foreach (ref readonly var packed in _packed.Span) count += IsLeftOutOfLate(in packed) ? 1 : 0;
        writer.Varint(count);
        var before = _newest / Block.Seconds;
        for (var i = _packed.Span.Length - 1; i >= 0; i--)
        {
            ref readonly var packed = ref _packed.Span[i];
            if (!IsLeftOutOfLate(in packed)) continue;

            writer.Varint(before - packed.Number);
            writer.Varint(packed.Views);
            before = packed.Number;
        }
    }

    private void ReadLeftOutOfLate(ref RowCursor cursor)
    {
        var block = _newest / Block.Seconds;
        for (var left = cursor.Count(2); left > 0; left--)
        {
            block -= (uint)cursor.Varint(Math.Min(block, ViewsKept));
            _packed.Put(new PackedBlock(block, BlockKeeping.Views, null, cursor.Varint(_views)));
        }
    }

    private void WriteSeconds(RowTools tools)
    {
        tools.Seconds.Clear();
        _seconds.List(in _open, _newest / 60, tools.Seconds);
        tools.Row.Varint(tools.Seconds.Count);
        var before = _newest;
        foreach (var (second, views) in tools.Seconds)
        {
            tools.Row.Varint(before - second);
            tools.Row.Varint(views);
            before = second;
        }
    }

    private void ReadSeconds(ref RowCursor cursor)
    {
        var second = _newest;
        for (var left = cursor.Count(2); left > 0; left--)
        {
            second -= (uint)cursor.Varint(Math.Min(second, RecentSeconds.Kept - 1));
            var views = cursor.Varint(BodyReader.MostViews);
            if (views == 0 || !_open.TrySelect(second / 60)) throw RowFormat.Damaged("a second has views that its minute has not");

            _open.Current.Add(TallyKind.Second, (second % 60) + 1, views);
            if (_open.Current.ViewsOfSecond(second % 60) > _open.Current.Views) throw RowFormat.Damaged("a second has views that its minute has not");
        }
    }
}
