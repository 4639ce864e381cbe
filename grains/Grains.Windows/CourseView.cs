using Grains.Abstractions.Questions;
using Grains.Windows.Rows;

namespace Grains.Windows;

/// <summary>What a course had counted at one moment: answers questions, also those that reach back further than memory, without the course.</summary>
/// <remarks>
/// Never changes. Where <see cref="NeedsHistory(CourseQuestion, long)"/> names blocks, the history rows of that range are to be read and given with the question; rows that are not
/// needed do no harm. <c>asOf</c> is the newest event time of the service in seconds since 1970, and not before <see cref="Newest"/>.
/// </remarks>
public sealed class CourseView
{
    private readonly WindowRules _rules;
    private readonly OpenMinutes _open;
    private readonly PackedBlocks _packed;
    private readonly RecentSeconds _seconds;
    private readonly byte[]? _leftOut;
    private readonly uint _wholeFrom;

    internal CourseView(WindowRules rules, in OpenMinutes open, in PackedBlocks packed, in RecentSeconds seconds, byte[]? leftOut, uint wholeFrom)
    {
        _rules = rules;
        _open = open.Copy();
        _packed = packed.Copy();
        _seconds = seconds.Copy();
        _leftOut = leftOut;
        _wholeFrom = wholeFrom;
    }

    /// <summary>Views of all time.</summary>
    public required long Views { get; init; }

    /// <summary>How many of them came after their block had closed.</summary>
    public required long Late { get; init; }

    /// <summary>The newest event time, in seconds since 1970.</summary>
    public required long Newest { get; init; }

    /// <summary>The blocks whose history rows an answer needs; null where memory is enough.</summary>
    public BlockRange? NeedsHistory(CourseQuestion question, long asOf)
    {
        var day = NeedsHistory(TimeWindow.Of(WindowSpan.Day, asOf, question.UtcOffset), 86_400);
        var dimensions = question.Of == WindowSpan.AllTime ? null : NeedsHistory(TimeWindow.Of(question.Of, asOf, question.UtcOffset), 60);
        var series = question.Resolution is WindowSpan.AllTime or WindowSpan.Second
            ? null
            : NeedsHistory(TimeWindow.Of(question.Resolution, question.Points, asOf, question.UtcOffset), TimeWindow.SecondsOf(question.Resolution));
        return Union(Union(day, dimensions), series);
    }

    /// <summary>The views of the windows of every span that hold <paramref name="asOf"/>.</summary>
    /// <exception cref="FormatException">A history row is damaged.</exception>
    public IReadOnlyList<WindowViews> WindowsAt(long asOf, TimeSpan utcOffset, IReadOnlyCollection<ClosedBlock> history) =>
        [.. Enum.GetValues<WindowSpan>().Select(span => WindowAt(span, asOf, utcOffset, history))];

    /// <summary>The views of the window of one span that holds <paramref name="asOf"/>.</summary>
    /// <exception cref="FormatException">A history row is damaged.</exception>
    public WindowViews WindowAt(WindowSpan span, long asOf, TimeSpan utcOffset, IReadOnlyCollection<ClosedBlock> history)
    {
        var window = TimeWindow.Of(span, asOf, utcOffset);
        var views = span == WindowSpan.AllTime ? Views : PointsOf(span, 1, asOf, utcOffset, history)[0];
        return new WindowViews(span, DateTimeOffset.FromUnixTimeSeconds(window.Start), DateTimeOffset.FromUnixTimeSeconds(window.End), views);
    }

    /// <summary>Views over time, the last point holding <paramref name="asOf"/>. Single seconds are known of the last 120 only.</summary>
    /// <exception cref="FormatException">A history row is damaged.</exception>
    public ViewSeries Series(WindowSpan resolution, int points, long asOf, TimeSpan utcOffset, IReadOnlyCollection<ClosedBlock> history)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(TimeWindow.Of(resolution, points, asOf, utcOffset).Start);
        return new ViewSeries(resolution, start, (int)TimeWindow.SecondsOf(resolution), PointsOf(resolution, points, asOf, utcOffset, history));
    }

    /// <summary>Views by every dimension in the window of one span that holds <paramref name="asOf"/>.</summary>
    /// <exception cref="FormatException">A history row is damaged.</exception>
    public TallyFold Fold(WindowSpan span, long asOf, TimeSpan utcOffset, IReadOnlyCollection<ClosedBlock> history)
    {
        var fold = new CourseFold(_rules.Vocabulary, span == WindowSpan.AllTime ? new TimeWindow(long.MinValue, long.MaxValue) : TimeWindow.Of(span, asOf, utcOffset));
        if (span == WindowSpan.Second) return fold.Tally;

        for (var i = 0; i < _open.Count; i++) fold.Add(_open.TableAt(i));
        foreach (ref readonly var packed in _packed.Span)
        {
            var counts = span != WindowSpan.AllTime || packed.Keeping is BlockKeeping.Row or BlockKeeping.Sealed;
            if (counts && packed.Row is { Length: > 0 }) fold.Add(packed.Number, RowFormat.Content(packed.Row));
        }

        if (span == WindowSpan.AllTime)
        {
            if (_leftOut is not null) fold.Add(0, _leftOut);
            return fold.Tally;
        }

        foreach (var (block, row) in history)
        {
            if (!row.IsEmpty && !IsHere(block)) fold.Add((uint)block, RowFormat.Open(row.Span, RowFormat.BlockRow, (uint)block));
        }

        return fold.Tally;
    }

    private static BlockRange? Union(BlockRange? one, BlockRange? other)
    {
        if (one is null || other is null) return one ?? other;
        return new BlockRange(Math.Min(one.Value.First, other.Value.First), Math.Max(one.Value.Last, other.Value.Last));
    }

    private long[] PointsOf(WindowSpan resolution, int points, long asOf, TimeSpan utcOffset, IReadOnlyCollection<ClosedBlock> history)
    {
        var views = new long[points];
        var start = TimeWindow.Of(resolution, points, asOf, utcOffset).Start;
        if (resolution == WindowSpan.Second)
        {
            for (var i = 0; i < points; i++) views[i] = _seconds.ViewsOf((uint)(start + i), in _open, (uint)(Newest / 60));
            return views;
        }

        var step = TimeWindow.SecondsOf(resolution);
        new CourseMemory(in _open, _packed.Span, Newest).AddViews(views, start, step);
        foreach (var (block, row) in history)
        {
            if (row.IsEmpty || IsHere(block) || IsCountedByViews(block, start, points, step)) continue;

            CourseMemory.AddViews(views, start, step, (uint)block, RowFormat.Open(row.Span, RowFormat.BlockRow, (uint)block));
        }

        return views;
    }

    private bool IsHere(long block) => block >= _wholeFrom || _packed.TryFind((uint)block, out _) || _open.HoldsBlock((uint)block);

    /// <summary>Whether memory, which does not hold the block, holds the number of its views, and that is enough for points of this step.</summary>
    private bool IsCountedByViews(long block, long start, int points, long step)
    {
        var first = (block * Block.Seconds) - start;
        var last = first + Block.Seconds - 1;
        return block + CourseWindows.ViewsKept >= Newest / Block.Seconds && first >= 0 && last < points * step && first / step == last / step;
    }

    /// <summary>The blocks of a window that must be read for points of <paramref name="step"/> seconds.</summary>
    private BlockRange? NeedsHistory(TimeWindow window, long step)
    {
        var points = (int)((window.End - window.Start) / step);
        var first = Math.Max(0, window.Start / Block.Seconds);
        var last = Math.Min((window.End - 1) / Block.Seconds, (long)_wholeFrom - 1);
        while (first <= last && IsEnough(last)) last--;
        while (first <= last && IsEnough(first)) first++;
        return first <= last ? new BlockRange(first, last) : null;

        bool IsEnough(long block) => IsHere(block) || IsCountedByViews(block, window.Start, points, step);
    }
}
