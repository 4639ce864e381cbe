using System.Runtime.CompilerServices;
using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams.Cluster;

namespace Grains.Courses;

/// <summary>Answers for the whole cluster: courses through their grains, lists and the status by asking every silo.</summary>
internal sealed class CourseStatistics(IGrainFactory grains, IClusterMembershipService membership, SiloStatisticsClient silos, CourseExport export, TimeProvider time) : ICourseStatistics
{
    // A silo that comes or goes is known to all within a fraction of a second.
    private const int MovedAttempts = 5;
    private static readonly TimeSpan MovedDelay = TimeSpan.FromMilliseconds(20);

    public async ValueTask<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grains.GetGrain<ICourseGrain>(course.Value).AskAsync(question, cancellationToken);
            }
            catch (Exception moved) when (moved is KeyMovedException or OrleansMessageRejectionException && attempt < MovedAttempts)
            {
                await Task.Delay(MovedDelay * attempt, time, cancellationToken);
            }
        }
    }

    public async ValueTask<TopAnswer> TopAsync(TopQuestion question, CancellationToken cancellationToken)
    {
        // All look at the same window: that of the newest event which any of them has seen.
        var (clocks, _) = await AskAllAsync(silo => silo.NewestAsync(), cancellationToken);
        var asOf = clocks.DefaultIfEmpty().Max();
        var (answers, missing) = await AskAllAsync(silo => silo.TopAsync(question, asOf), cancellationToken);
        return ClusterAnswers.Merge(question, answers, missing);
    }

    public async ValueTask<ServiceStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var (answers, missing) = await AskAllAsync(silo => silo.StatusAsync(), cancellationToken);
        return ClusterAnswers.Merge(answers, missing, time.GetUtcNow());
    }

    public async IAsyncEnumerable<ExportRow> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (flushed, missing) = await AskAllAsync(silo => silo.FlushAsync(), cancellationToken);
        if (missing > 0) throw new StatisticsUnavailableException($"{missing} silos of the cluster did not make durable what they have counted, so an export would miss it. Ask again when they answer.");
        if (flushed.Contains(false)) throw new StatisticsUnavailableException("Some courses could not be made durable just now, so an export would miss views. Ask again when the storage is back.");

        await foreach (var row in export.ReadAsync(cancellationToken)) yield return row;
    }

    private async Task<(List<T> Answers, int Missing)> AskAllAsync<T>(Func<ISiloStatisticsService, Task<T>> ask, CancellationToken cancellationToken)
    {
        var active = membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).ToList();
        var asked = active.ConvertAll(silo => ask(silos.At(silo)).WaitAsync(cancellationToken));
        var answers = new List<T>(asked.Count);
        foreach (var task in asked)
        {
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
            if (task.IsCompletedSuccessfully) answers.Add(await task);
        }

        return (answers, asked.Count - answers.Count);
    }
}
