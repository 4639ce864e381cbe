using System.Globalization;
using System.Text;
using Grains.Abstractions;
using Grains.Weblog;

namespace Grains.Benchmarks.Weblog;

/// <summary>
/// The plainest way to the same numbers: one thread that understands a line, looks its course up and counts, with no stream, no snapshots and no questions.
/// What an engine is measured against.
/// </summary>
internal sealed class ReferenceLoop(LogLineParser parser, CourseVocabulary vocabulary)
{
    private readonly Dictionary<string, Course> _courses = new(StringComparer.Ordinal);
    private readonly char[] _courseText = new char[CourseId.MaxBytes];

    public long Kept { get; private set; }

    public long Skipped { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Understands a line and counts it.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        var outcome = parser.Parse(line, out var id, out var view);
        if (outcome != LineOutcome.Kept)
        {
            if (LineOutcomes.IsSkip(outcome)) Skipped++;
            else Refused++;
            return;
        }

        Kept++;
        var text = _courseText.AsSpan(0, Encoding.ASCII.GetChars(id, _courseText));
        var courses = _courses.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!courses.TryGetValue(text, out var course)) _courses[text.ToString()] = course = new();
        course.Add(view, vocabulary.Agents[view.Agent].Browser);
    }

    /// <summary>Writes <c>course, window, dimension, value, count</c> with tabs between, sorted by bytes; the all-time row has window 0.</summary>
    public void Write(TextWriter output)
    {
        var lines = new List<string>();
        foreach (var (id, course) in _courses)
        {
            lines.Add(Line(id, 0, "views", "", course.Minutes.Values.Sum(minute => minute.Views)));
            foreach (var (start, minute) in course.Minutes)
            {
                lines.Add(Line(id, start, "views", "", minute.Views));
                foreach (var (browser, count) in minute.Browsers.Entries()) lines.Add(Line(id, start, "client", vocabulary.Browsers[browser], count));
                foreach (var (region, count) in minute.Regions.Entries()) lines.Add(Line(id, start, "region", vocabulary.Regions[region], count));
            }
        }

        lines.Sort(StringComparer.Ordinal);
        foreach (var line in lines) output.Write(line + "\n");
    }

    private static string Line(string course, uint start, string dimension, string value, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{course}\t{start}\t{dimension}\t{value}\t{count}");

    private sealed class Course
    {
        private Minute _last = new();
        private uint _lastStart = uint.MaxValue;

        public Dictionary<uint, Minute> Minutes { get; } = [];

        public void Add(CourseEvent view, ushort browser)
        {
            var start = view.EventTime / 60 * 60;
            if (start != _lastStart)
            {
                if (!Minutes.TryGetValue(start, out var minute)) Minutes[start] = minute = new();
                (_last, _lastStart) = (minute, start);
            }

            _last.Views++;
            _last.Browsers.Increment(browser);
            _last.Regions.Increment(view.Region);
        }
    }

    private sealed class Minute
    {
        public int Views;
        public SmallCounts Browsers;
        public SmallCounts Regions;
    }

    /// <summary>Counts by id in an open table that grows by doubling. The key is the id + 1; 0 is free.</summary>
    private struct SmallCounts
    {
        private (int Key, int Count)[]? _slots;
        private int _used;

        public void Increment(ushort id)
        {
            _slots ??= new (int, int)[4];
            ref var slot = ref Slot(_slots, id + 1);
            if (slot.Key != 0)
            {
                slot.Count++;
                return;
            }

            slot = (id + 1, 1);
            if (++_used * 4 > _slots.Length * 3) Grow(_slots);
        }

        public readonly IEnumerable<(ushort Id, int Count)> Entries() => (_slots ?? []).Where(slot => slot.Key != 0).Select(slot => ((ushort)(slot.Key - 1), slot.Count));

        private void Grow(ReadOnlySpan<(int Key, int Count)> slots)
        {
            var larger = new (int Key, int Count)[slots.Length * 2];
            foreach (var slot in slots)
            {
                if (slot.Key != 0) Slot(larger, slot.Key) = slot;
            }

            _slots = larger;
        }

        private static ref (int Key, int Count) Slot((int Key, int Count)[] slots, int key)
        {
            var mask = slots.Length - 1;
            var at = ((uint)key * 0x9E3779B1u >> 7) & (uint)mask;
            while (slots[at].Key != 0 && slots[at].Key != key) at = (at + 1) & (uint)mask;
            return ref slots[at];
        }
    }
}
