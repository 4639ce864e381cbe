using Grains.Abstractions;
using Grains.Windows.Rows;

namespace Grains.Windows;

/// <summary>What one course accumulates: its views by minute, agent, region and source, in blocks of ten minutes, and the sum of what is in history alone.</summary>
/// <remarks>
/// <para>Pure arithmetic of event time: no clock, no lock of its own, not for concurrent use. Its members are those of a keyed state with windows, a window being a block.</para>
/// <para>
/// A block is open while it is counted in. It closes when the newest event of the course is the allowed lateness behind its end; the next <see cref="Save"/> packs it into its
/// history row. When <see cref="Sealed"/> has told that history has that row, the block leaves the snapshot row and counts in the sum of what was left out; it stays in
/// memory for some time to save reads. A late event opens it again, wherever it is.
/// </para>
/// <para>Invariant: all time = the sum of what was left out + the packed blocks that the last row kept + the open minutes.</para>
/// <para>Invariant: a block at or above <see cref="_wholeFrom"/> that is not in memory never had a view.</para>
/// </remarks>
public partial class CourseWindows(WindowRules rules)
{
    private OpenMinutes _open;
    private PackedBlocks _packed;
    private RecentSeconds _seconds;

    // The body of the sum of what was left out, with all views in minute 0; null while nothing was. Never changed, only replaced.
    private byte[]? _leftOut;
    private long _views;
    private long _late;
    private uint _newest;

    // 1 + the highest block that was ever left out of the row.
    private uint _sealedBefore;
    private uint _wholeFrom;

    /// <summary>Views of all time.</summary>
    public long Views => _views;

    /// <summary>How many of them came after their block had closed.</summary>
    public long Late => _late;

    /// <summary>The newest event time, in seconds since 1970; 0 before the first view.</summary>
    public long Newest => _newest;

    /// <summary>Adds to <paramref name="blocks"/> the blocks that <paramref name="chunk"/> changes and that are in history alone: each must be given to <see cref="Restore"/> before <see cref="Apply"/>.</summary>
    /// <remarks>
    /// Runs per chunk; allocates nothing but what <paramref name="blocks"/> does. A restored block stays until its events come, but another block may leave memory with any
    /// <see cref="Save"/>: ask again when the course was let go of in between.
    /// </remarks>
    public void Missing(ReadOnlySpan<CourseEvent> chunk, ICollection<long> blocks)
    {
        if (_wholeFrom == 0) return;

        var wholeFrom = (ulong)_wholeFrom * Block.Seconds;
        var before = uint.MaxValue;
        foreach (ref readonly var view in chunk)
        {
            if (view.EventTime >= wholeFrom) continue;

            var block = view.EventTime / Block.Seconds;
            if (block == before) continue;

            before = block;
            if (!IsHere(block) && !blocks.Contains(block)) blocks.Add(block);
        }
    }

    /// <summary>Takes back a block from history. Empty where history has none.</summary>
    /// <exception cref="FormatException">The row is damaged or of a later format.</exception>
    public void Restore(long block, ReadOnlyMemory<byte> historyRow)
    {
        var number = checked((uint)block);
        if (IsHere(number)) return;

        var views = historyRow.IsEmpty ? 0 : RowTools.Of(rules.Vocabulary).Check(RowFormat.Open(historyRow.Span, RowFormat.BlockRow, number));
        _packed.Put(new PackedBlock(number, BlockKeeping.Restored, historyRow.ToArray(), views));
    }

    /// <summary>Counts every event of the chunk.</summary>
    /// <remarks>Runs per chunk; allocates only when a minute begins or grows, or a late event opens a block again.</remarks>
    /// <exception cref="InvalidOperationException">A block that <see cref="Missing"/> names was not restored; what came before it is counted.</exception>
    public void Apply(ReadOnlySpan<CourseEvent> chunk)
    {
        while (!chunk.IsEmpty)
        {
            var minute = chunk[0].EventTime / 60;
            var length = RunOf(minute, chunk, out var newest);
            if (!_open.TrySelect(minute)) Begin(minute);
            if (newest > _newest) Advance(newest);
            if (Block.OfMinute(minute) < rules.ClosedBefore(_newest)) _late += length;
            _open.Current.Count(chunk[..length]);
            if (minute + Block.MinutesOfSeconds >= _newest / 60) CountSeconds(minute, chunk[..length]);
            _views += length;
            chunk = chunk[length..];
        }
    }

    /// <summary>Reads what <see cref="Apply"/> reads first, so that the memory of several courses is fetched at the same time; the answer means nothing. Not for one thread alone, unlike the rest.</summary>
    public int Touch() => (int)_newest + _open.Touch();

    /// <summary>The history row that the last <see cref="Save"/> gave for this block is durable; unless the block has changed since, the next snapshot leaves it out.</summary>
    public void Sealed(long block)
    {
        // A block that changed since is open again, and not packed.
        if (_packed.TryFind(checked((uint)block), out var packed) && packed.Keeping == BlockKeeping.Row) _packed.Put(packed with { Keeping = BlockKeeping.Sealed });
    }

    private void Advance(uint newest)
    {
        if (newest / 60 != _newest / 60) _seconds.Advance(_newest / 60, newest / 60);
        _newest = newest;
    }

    private void CountSeconds(uint minute, ReadOnlySpan<CourseEvent> run)
    {
        if (_seconds.IsQuiet)
        {
            _open.Current.CountSeconds(run);
            _seconds.Settle(in _open, _newest / 60);
            return;
        }

        var counts = _seconds.Of(minute);
        var start = minute * 60;
        foreach (ref readonly var view in run)
        {
            ref var count = ref counts[(int)(view.EventTime - start)];
            if (count != uint.MaxValue) count++;
        }
    }

    /// <summary>How many events at the beginning of the chunk are of this minute, and the newest of their times.</summary>
    private static int RunOf(uint minute, ReadOnlySpan<CourseEvent> chunk, out uint newest)
    {
        var start = minute * 60;
        newest = start;
        for (var i = 0; i < chunk.Length; i++)
        {
            var time = chunk[i].EventTime;
            if (time - start >= 60) return i;
            if (time > newest) newest = time;
        }

        return chunk.Length;
    }

    private bool IsHere(uint block) => block >= _wholeFrom || _packed.TryFind(block, out _) || _open.HoldsBlock(block);

    /// <summary>Makes a minute that is not open ready to be counted in.</summary>
    private void Begin(uint minute)
    {
        var block = Block.OfMinute(minute);
        if (block > _newest / Block.Seconds)
        {
            _open.Begin(minute);
            return;
        }

        if (!IsHere(block)) throw new InvalidOperationException($"Block {block} is in history alone; it must be restored before its events are counted.");
        if (_packed.TryFind(block, out var packed)) Reopen(packed);
        if (!_open.TrySelect(minute)) _open.Begin(minute);
    }

    private void Reopen(PackedBlock packed)
    {
        _packed.Remove(packed.Number);
        if (packed.Row!.Length == 0) return;

        var content = RowFormat.Content(packed.Row);
        Unpack(packed.Number, content);
        if (packed.Keeping is BlockKeeping.Row or BlockKeeping.Sealed) return;

        var tools = RowTools.Of(rules.Vocabulary);
        LoadLeftOut(tools);
        var body = new BodyReader(content);
        tools.Grid.Subtract(ref body, tools.Names);
        StoreLeftOut(tools);
    }

    /// <summary>Makes the minutes of a body open.</summary>
    private void Unpack(uint block, ReadOnlySpan<byte> content)
    {
        var names = RowTools.Of(rules.Vocabulary).Names;
        var body = new BodyReader(content);
        Span<MinuteTable> tables = new MinuteTable[Block.Minutes];
        for (var minute = 0; minute < tables.Length; minute++)
        {
            if (body.Views[minute] == 0) continue;

            tables[minute] = new MinuteTable((block * Block.Minutes) + (uint)minute);
            tables[minute].AddViews(body.Views[minute]);
        }

        while (body.Read())
        {
            var id = names.IdOf(ref body);
            for (var minute = 0; minute < tables.Length; minute++)
            {
                if (body.Counts[minute] != 0) tables[minute].Add(body.Kind, id, body.Counts[minute]);
            }
        }

        foreach (var table in tables)
        {
            if (table.IsPresent) _open.Add(table);
        }
    }

    private void LoadLeftOut(RowTools tools)
    {
        tools.Grid.Clear();
        if (_leftOut is null) return;

        var body = new BodyReader(_leftOut);
        tools.Grid.Add(ref body, tools.Names);
    }

    private void StoreLeftOut(RowTools tools)
    {
        if (tools.Grid.Views[0] == 0)
        {
            _leftOut = null;
            return;
        }

        tools.Body.Clear();
        tools.Bodies.Write(tools.Body, tools.Grid);
        _leftOut = tools.Body.Written.ToArray();
    }
}
