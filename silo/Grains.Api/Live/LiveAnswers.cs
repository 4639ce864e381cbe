using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Api.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Grains.Api.Live;

/// <summary>Live answers as server-sent events: the name of the event is <c>course</c>, <c>overview</c>, or <c>alive</c> (no news).</summary>
/// <remarks>A stream ends with its listener, with the host, or with a question that fails; a browser comes back by itself.</remarks>
internal sealed class LiveAnswers
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    private readonly GrainsApiOptions _options;
    private readonly CancellationToken _stopping;
    private readonly FeedSet<(CourseId Course, CourseQuestion Question), CourseBody> _courses;
    private readonly FeedSet<TopQuestion, OverviewBody> _overviews;
    private int _listeners;

    public LiveAnswers(ICourseStatistics statistics, IOptions<GrainsApiOptions> options, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        _options = options.Value;
        _stopping = lifetime.ApplicationStopping;
        _courses = new(
            async (key, token) => await statistics.AskAsync(key.Course, key.Question, token).ConfigureAwait(false) is { } answer ? CourseBody.From(answer) : null,
            (one, other) => one.SaysTheSameAs(other), _options.LiveInterval, clock);
        _overviews = new(
            async (question, token) => await OverviewAsync(statistics, question, token).ConfigureAwait(false),
            (one, other) => one.SaysTheSameAs(other), _options.LiveInterval, clock);
    }

    /// <summary>How many listen.</summary>
    public int Listeners => Volatile.Read(ref _listeners);

    /// <summary>How many different questions are asked for them.</summary>
    public int Feeds => _courses.Count + _overviews.Count;

    /// <summary>Whether all places are taken. Who asks at the same moment as others may get in beyond the bound.</summary>
    public bool IsFull => Listeners >= _options.MaxListeners;

    /// <summary>Both halves of an overview.</summary>
    public static async ValueTask<OverviewBody> OverviewAsync(ICourseStatistics statistics, TopQuestion question, CancellationToken cancellationToken)
    {
        var top = await statistics.TopAsync(question, cancellationToken).ConfigureAwait(false);
        var status = await statistics.StatusAsync(cancellationToken).ConfigureAwait(false);
        return new OverviewBody(TopBody.From(top), StatusBody.From(status));
    }

    /// <summary>The events of one course.</summary>
    public IAsyncEnumerable<SseItem<CourseBody?>> Course(CourseId course, CourseQuestion question, CourseBody first, CancellationToken cancellationToken)
        => EventsAsync("course", token => _courses.ListenAsync((course, question), first, _options.KeepAlive, token), cancellationToken);

    /// <summary>The events of an overview.</summary>
    public IAsyncEnumerable<SseItem<OverviewBody?>> Overview(TopQuestion question, OverviewBody first, CancellationToken cancellationToken)
        => EventsAsync("overview", token => _overviews.ListenAsync(question, first, _options.KeepAlive, token), cancellationToken);

    private async IAsyncEnumerable<SseItem<T?>> EventsAsync<T>(
        string name, Func<CancellationToken, IAsyncEnumerable<T?>> listen, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        Interlocked.Increment(ref _listeners);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        try
        {
            await foreach (var answer in listen(either.Token).ConfigureAwait(false))
            {
                yield return new SseItem<T?>(answer, answer is null ? "alive" : name) { ReconnectionInterval = Reconnect };
            }
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }
}
