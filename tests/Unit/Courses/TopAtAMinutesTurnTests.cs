using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Courses;
using Grains.Streams;
using Grains.Windows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.Courses;

/// <summary>The list of the whole cluster while a minute ends: silos keep their answers for a second, and must not be a window apart.</summary>
public sealed class TopAtAMinutesTurnTests
{
    private const uint Noon = 1_795_435_200;

    // It stands still: all that happens, happens within the second for which an answer is kept.
    private readonly FakeTimeProvider _time = new();
    private readonly Silo[] _silos;

    public TopAtAMinutesTurnTests() => _silos = [new Silo(_time), new Silo(_time), new Silo(_time)];

    [Theory]
    [InlineData(WindowSpan.Minute, 60)]
    [InlineData(WindowSpan.TenMinutes, 600)]
    [InlineData(WindowSpan.Hour, 3600)]
    public void No_silo_is_missing_and_no_view_of_the_window_before_is_counted(WindowSpan span, int seconds)
    {
        var turn = Noon + (uint)seconds;
        for (var silo = 0; silo < 3; silo++) _silos[silo].See($"course-{silo}", turn - 1, views: silo + 1);
        var before = Ask(span);
        Assert.Equal((0, 6L, 3L), (before.MissingSilos, before.Of.Views, before.CourseCount));
        Assert.Equal(["course-2", "course-1", "course-0"], before.Courses.Select(course => course.Course.Value));

        // One silo only sees the first event of the next window.
        _silos[1].See("course-1", turn, views: 4);
        var after = Ask(span);

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(turn), after.Of.Start);
        Assert.Equal((0, 4L, 1L), (after.MissingSilos, after.Of.Views, after.CourseCount));
        Assert.Equal([("course-1", 4L)], after.Courses.Select(course => (course.Course.Value, course.Views)));
    }

    [Fact]
    public void A_silo_that_is_a_window_behind_is_told_as_missing_and_its_numbers_are_left_out()
    {
        _silos[0].See("a", Noon + 59, views: 7);
        _silos[1].See("b", Noon + 60, views: 2);
        TopAnswer[] apart = [_silos[0].Top(WindowSpan.Minute, Noon + 59), _silos[1].Top(WindowSpan.Minute, Noon + 60)];

        var merged = ClusterAnswers.Merge(new TopQuestion(20, WindowSpan.Minute), apart, missing: 1);
        Assert.Equal((2, 2L), (merged.MissingSilos, merged.Of.Views));
    }

    // As the cluster's answer is made: the newest clock of all, then each silo's list as of it.
    private TopAnswer Ask(WindowSpan span)
    {
        var asOf = _silos.Max(silo => silo.Newest);
        return ClusterAnswers.Merge(new TopQuestion(20, span), [.. _silos.Select(silo => silo.Top(span, asOf))], missing: 0);
    }

    private sealed class Silo(FakeTimeProvider time) : ICells<CourseState>
    {
        private static readonly WindowRules Rules = new(new CourseVocabulary(), new WindowSettings());

        private readonly EventClock _clock = new();
        private readonly SortedDictionary<string, CourseState> _courses = new(StringComparer.Ordinal);
        private TopCourses? _top;

        public long Newest => _clock.Newest;

        public int Count => _courses.Count;

        public void See(string course, uint eventTime, int views)
        {
            if (!_courses.TryGetValue(course, out var state)) _courses[course] = state = new CourseState(Rules);
            state.Apply(Enumerable.Repeat(new CourseEvent(eventTime, 0, 1, 1), views).ToArray());
            _clock.Advance(eventTime);
        }

        public TopAnswer Top(WindowSpan span, long asOf)
        {
            _clock.Advance(asOf);
            return (_top ??= new TopCourses(this, _clock, time)).Find(new TopQuestion(20, span));
        }

        public void ForEach<TArgument>(TArgument argument, Action<string, CourseState, TArgument> visit)
        {
            foreach (var (key, state) in _courses) visit(key, state, argument);
        }

        public ValueTask<(bool Exists, TResult Result)> ReadAsync<TArgument, TResult>(string key, TArgument argument, Func<CourseState, CellContents, TArgument, TResult> read, CancellationToken cancellationToken) =>
            throw new NotSupportedException("A list asks no course.");
    }
}
