using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams;
using Grains.Windows;

namespace Grains.Courses;

/// <summary>Finds the courses of this silo with the most views, by looking at every course in memory. No grain is asked.</summary>
/// <remarks>An answer is kept for a second of the clock, so that many who ask cost one look.</remarks>
public sealed class TopCourses(ICells<CourseState> cells, EventClock clock, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly Dictionary<WindowSpan, (long At, TopAnswer Answer)> _answers = [];
    private readonly Lock _gate = new();

    /// <summary>The courses of this silo with the most views in a window.</summary>
    public TopAnswer Find(TopQuestion question)
    {
        lock (_gate)
        {
            // Silos that are asked together must look at one window, so an answer of the window before is not kept.
            var window = DateTimeOffset.FromUnixTimeSeconds(TimeWindow.Of(question.Of, clock.Newest).Start);
            if (!_answers.TryGetValue(question.Of, out var kept) || time.GetElapsedTime(kept.At) >= Kept || kept.Answer.Of.Start != window)
            {
                kept = (time.GetTimestamp(), Look(question.Of));
                _answers[question.Of] = kept;
            }

            return kept.Answer with { Courses = [.. kept.Answer.Courses.Take(question.Count)] };
        }
    }

    private TopAnswer Look(WindowSpan span)
    {
        var asOf = clock.Newest;
        var found = new Search(span, asOf);
        cells.ForEach(found, static (key, state, search) => search.Add(key, state));
        var window = TimeWindow.Of(span, asOf);
        return new TopAnswer(
            new WindowViews(span, DateTimeOffset.FromUnixTimeSeconds(window.Start), DateTimeOffset.FromUnixTimeSeconds(window.End), found.Views), [.. found.Best()], found.Courses);
    }

    private sealed class Search(WindowSpan span, long asOf)
    {
        private readonly PriorityQueue<string, (long Views, string Key)> _best = new(Comparer<(long Views, string Key)>.Create(
            (one, other) => one.Views != other.Views ? one.Views.CompareTo(other.Views) : string.CompareOrdinal(other.Key, one.Key)));

        public long Views { get; private set; }

        public long Courses { get; private set; }

        public void Add(string key, CourseState state)
        {
            var views = state.ViewsIn(span, Math.Max(asOf, state.Newest));
            if (views == 0) return;

            Views += views;
            Courses++;
            if (_best.Count < TopQuestion.MaxCount) _best.Enqueue(key, (views, key));
            else _best.EnqueueDequeue(key, (views, key));
        }

        public IEnumerable<CourseViews> Best() => _best.UnorderedItems
            .OrderByDescending(entry => entry.Priority.Views).ThenBy(entry => entry.Element, StringComparer.Ordinal)
            .Select(entry => CourseId.TryParse(entry.Element, out var course) ? new CourseViews(course, entry.Priority.Views) : default);
    }
}
