using Grains.Abstractions;
using Grains.Windows.Rows;

namespace Grains.Windows;

/// <summary>Sums those minutes of a course that are in a window.</summary>
internal sealed class CourseFold(CourseVocabulary vocabulary, TimeWindow window)
{
    private readonly NameTable _names = new(vocabulary);

    public TallyFold Tally { get; } = new(vocabulary);

    public void Add(MinuteTable table)
    {
        var time = table.Minute * 60L;
        if (time < window.Start || time >= window.End) return;

        foreach (var entry in table) Tally.Add(entry.Kind, entry.Id, entry.Count);
    }

    public void Add(uint block, ReadOnlySpan<byte> content)
    {
        var minute = block * Block.Minutes;
        var from = 0;
        var to = (int)Block.Minutes;
        while (from < to && (minute + from) * 60 < window.Start) from++;
        while (from < to && (minute + to - 1) * 60 >= window.End) to--;
        if (from == to) return;

        var body = new BodyReader(content);
        while (body.Read()) Tally.Add(body.Kind, _names.IdOf(ref body), body.Counts.Sum(from, to));
    }
}
