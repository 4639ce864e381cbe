using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams;
using Grains.Streams.Cluster;

namespace Grains.Courses;

/// <summary>Answers for a service of one silo: courses through their grains, everything else from this process.</summary>
public sealed class CourseStatistics(
    IGrainFactory grains, TopCourses top, CourseExport export, StreamEngine<CourseState, CourseEvent> engine, EventClock clock, RefusedLines refused, TimeProvider time) : ICourseStatistics
{
    // A silo that comes or goes is known to all within a fraction of a second.
    private const int MovedAttempts = 5;
    private static readonly TimeSpan MovedDelay = TimeSpan.FromMilliseconds(20);

    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly Rate _rate = new(time);

    public async ValueTask<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grains.GetGrain<ICourseGrain>(course.Value).AskAsync(question, cancellationToken);
            }
            catch (KeyMovedException) when (attempt < MovedAttempts)
            {
                await Task.Delay(MovedDelay * attempt, time, cancellationToken);
            }
        }
    }

    public ValueTask<TopAnswer> TopAsync(TopQuestion question, CancellationToken cancellationToken) => new(top.Find(question));

    public ValueTask<ServiceStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var runs = engine.Runs;
        var report = engine.Report();
        return new(new ServiceStatus(
            _started,
            report.Records,
            report.Kept,
            report.Skipped,
            report.Refused,
            refused.Samples,
            clock.Newest == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(clock.Newest),
            engine.Cells.Count,
            _rate.Of(report.Records),
            [.. runs.Where(run => run.Partition is not null).Select(Status)]));
    }

    public async IAsyncEnumerable<ExportRow> ExportAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await engine.FlushAsync(cancellationToken);
        await foreach (var row in export.ReadAsync(cancellationToken)) yield return row;
    }

    private static PartitionStatus Status(PartitionRun run)
    {
        var lag = run.Lag;
        var partition = run.Partition!.Value;
        return new PartitionStatus(partition.Source, partition.Partition, lag.Position, run.Durable, lag.Behind, Math.Max(0, lag.Position - run.Durable), lag.Unit);
    }
}
