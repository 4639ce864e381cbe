using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams;

namespace Grains.Courses;

/// <summary>What this silo knows by itself: its courses, and how its reading goes.</summary>
public sealed class SiloStatistics(TopCourses top, StreamEngine<CourseState, CourseEvent> engine, EventClock clock, RefusedLines refused, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly Rate _rate = new(time);

    /// <summary>The newest event time seen, in seconds since 1970; 0 before the first.</summary>
    public long Newest => clock.Newest;

    /// <summary>The most viewed courses of this silo in the window that contains a moment.</summary>
    public TopAnswer Top(TopQuestion question, long asOf)
    {
        clock.Advance(asOf);
        return top.Find(question);
    }

    /// <summary>How the reading of this silo goes.</summary>
    public ServiceStatus Status()
    {
        var report = engine.Report();
        return new ServiceStatus(
            _started,
            report.Records,
            report.Kept,
            report.Skipped,
            report.Refused,
            refused.Samples,
            clock.Newest == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(clock.Newest),
            engine.Cells.Count,
            _rate.Of(report.Records),
            [.. engine.Runs.Where(run => run.Partition is not null).Select(Status)]);
    }

    /// <summary>Makes everything durable that is counted. False where that cannot be done now.</summary>
    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => engine.FlushAsync(cancellationToken);

    private static PartitionStatus Status(PartitionRun run)
    {
        var lag = run.Lag;
        var partition = run.Partition!.Value;
        return new PartitionStatus(partition.Source, partition.Partition, lag.Position, run.Durable, lag.Behind, Math.Max(0, lag.Position - run.Durable), lag.Unit);
    }
}
