using System.Buffers;
using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Windows;
using Xunit;

namespace Grains.Tests.Unit.Windows;

/// <summary>One course with its storage and its model: does to it what a cell may do, in any order, and compares.</summary>
internal sealed class CourseUnderTest
{
    private static readonly TimeSpan[] Offsets =
        [TimeSpan.Zero, TimeSpan.FromHours(8), TimeSpan.FromHours(-5), new(5, 45, 0), new(-3, -30, 0), TimeSpan.FromHours(14)];

    private readonly WindowSettings _settings;
    private readonly WindowModel _model;
    private readonly Dictionary<long, byte[]> _history = [];
    private CourseVocabulary _vocabulary = new();
    private CourseWindows _course;
    private byte[]? _row;
    private int _rowViews;
    private uint _now = 1_764_000_000;

    public CourseUnderTest(WindowSettings settings)
    {
        _settings = settings;
        _model = new WindowModel(settings);
        _course = new CourseWindows(new WindowRules(_vocabulary, settings));
    }

    /// <summary>Blocks read from history so far, by events that came late.</summary>
    public int Reads { get; private set; }

    /// <summary>One thing that may happen. <paramref name="kind"/> is 0 to 99.</summary>
    public void Step(int kind, Random random)
    {
        switch (kind)
        {
            case < 50:
                Apply(random);
                break;
            case < 60:
                _now += (uint)random.Next(3600);
                break;
            case < 62:
                _now += (uint)random.Next(200_000);
                break;
            case < 75:
                SaveAndSeal(random, lateBetween: false);
                break;
            case < 82:
                SaveAndSeal(random, lateBetween: true);
                break;
            case < 86:
                Save();
                Die();
                break;
            case < 90:
                Die();
                break;
            default:
                Compare(random);
                break;
        }
    }

    public void Compare(Random random)
    {
        Assert.Equal(_model.Count, _course.Views);
        Assert.Equal(_model.Late(), _course.Late);
        Assert.Equal(_model.Newest, _course.Newest);

        var asOf = _model.Newest + (uint)(random.Next(3) switch { 0 => 0, 1 => random.Next(120), _ => random.Next(8000) });
        CompareTop(asOf);
        var offset = Offsets[random.Next(Offsets.Length)];
        var spans = Enum.GetValues<WindowSpan>();
        var resolution = spans[random.Next(spans.Length - 1)];
        var points = resolution == WindowSpan.Second ? CourseQuestion.MaxSeconds : random.Next(1, 200);
        var question = new CourseQuestion(spans[random.Next(spans.Length)], resolution, points, 2, offset);
        var view = _course.View();
        var history = Read(view.NeedsHistory(question, asOf));

        foreach (var window in view.WindowsAt(asOf, offset, history))
        {
            Assert.Equal((window.Span, _model.Views(TimeWindow.Of(window.Span, asOf, offset))), (window.Span, window.Views));
        }

        var series = view.Series(resolution, points, asOf, offset, history);
        var start = series.Start.ToUnixTimeSeconds();
        for (var i = 0; i < points; i++)
        {
            var point = new TimeWindow(start + (i * series.StepSeconds), start + ((i + 1) * series.StepSeconds));
            Assert.Equal((i, resolution, _model.Views(point)), (i, resolution, series.Views[i]));
        }

        Assert.True(asOf >= start + ((points - 1) * (long)series.StepSeconds) && asOf < start + (points * (long)series.StepSeconds));
        if (question.Of != WindowSpan.Second) CompareDimensions(view.Fold(question.Of, asOf, offset, history), TimeWindow.Of(question.Of, asOf, offset));
        CompareStorage();
    }

    private void CompareTop(uint asOf)
    {
        foreach (var span in Enum.GetValues<WindowSpan>())
        {
            Assert.Equal((span, _model.Views(TimeWindow.Of(span, asOf))), (span, _course.ViewsIn(span, asOf)));
        }
    }

    private void CompareDimensions(TallyFold fold, TimeWindow window)
    {
        foreach (var dimension in Enum.GetValues<Dimension>())
        {
            var expected = _model.Values(dimension, window);
            var all = fold.Of(dimension, int.MaxValue);
            Assert.Equal(expected, all.Values);
            Assert.Equal(0, all.Rest);

            var top = fold.Of(dimension, 2);
            Assert.Equal(expected.Take(2), top.Values);
            Assert.Equal(expected.Skip(2).Sum(value => value.Views), top.Rest);
        }
    }

    /// <summary>The numbers in the stored rows are those of the views that were there when the snapshot row was written.</summary>
    private void CompareStorage()
    {
        if (_row is null || _rowViews != _model.Count) return;

        var reader = new RowReader(new CourseVocabulary());
        var counts = new List<WindowCount>();
        var blocks = new HashSet<long>();
        reader.ReadSnapshot(_row, counts, blocks);
        foreach (var (block, row) in _history)
        {
            if (!blocks.Contains(block)) reader.ReadBlock(block, row, counts);
        }

        Assert.Equal(_model.Export().OrderBy(count => count.ToString(), StringComparer.Ordinal), counts.OrderBy(count => count.ToString(), StringComparer.Ordinal));
    }

    private void Apply(Random random)
    {
        _now += (uint)random.Next(90);
        var views = new NamedView[random.Next(8) == 0 ? 150 : random.Next(1, 12)];
        var disorder = random.Next(12) switch { < 7 => 6, < 9 => 300, 9 => 4_000, 10 => 30_000, _ => 300_000 };
        for (var i = 0; i < views.Length; i++) views[i] = NamedView.Draw(_now - (uint)random.Next(disorder), random);

        CourseEvent[] chunk = [.. views.Select(view => view.In(_vocabulary))];
        while (MissingIn(chunk) is { Count: > 0 } missing)
        {
            foreach (var block in missing)
            {
                Reads++;
                _course.Restore(block, _history.GetValueOrDefault(block, []));
            }

            // Reading takes time, in which a snapshot may be taken: what was restored stays all the same.
            if (random.Next(2) == 0) Save();
        }

        _course.Apply(chunk);
        _model.Add(views);
    }

    private List<long> MissingIn(CourseEvent[] chunk)
    {
        var missing = new List<long>();
        _course.Missing(chunk, missing);
        Assert.Equal(missing.Distinct(), missing);
        return missing;
    }

    private List<ClosedBlock> Save()
    {
        var row = new ArrayBufferWriter<byte>();
        var closed = new List<ClosedBlock>();
        _course.Save(row, closed);
        _row = row.WrittenSpan.ToArray();
        _rowViews = _model.Count;
        foreach (var (block, _) in closed) Assert.True(((block + 1) * 600) + _settings.AllowedLateness.TotalSeconds <= _model.Newest);
        return closed;
    }

    private void SaveAndSeal(Random random, bool lateBetween)
    {
        var closed = Save();
        if (lateBetween) Apply(random);
        // Some histories are cut short by a death.
        foreach (var (block, row) in closed)
        {
            if (random.Next(10) == 0) break;

            _history[block] = row.ToArray();
            if (random.Next(10) != 0) _course.Sealed(block);
        }
    }

    /// <summary>Another process takes the course from its row; it numbers names in another order.</summary>
    private void Die()
    {
        _vocabulary = new CourseVocabulary();
        foreach (var name in new[] { "Ünbekannt", "Netscape", "Lynx" }) _vocabulary.Browsers.Intern(name);
        _course = new CourseWindows(new WindowRules(_vocabulary, _settings));
        _model.Truncate(_row is null ? 0 : _rowViews);
        if (_row is null) return;

        _course.Load(_row);
        var again = new ArrayBufferWriter<byte>();
        _course.Save(again, new List<ClosedBlock>());
        Assert.Equal(_row, again.WrittenSpan.ToArray());
    }

    private List<ClosedBlock> Read(BlockRange? range) =>
        range is not { } blocks ? [] : [.. _history.Where(row => row.Key >= blocks.First && row.Key <= blocks.Last).Select(row => new ClosedBlock(row.Key, row.Value))];
}
