namespace Grains.Abstractions.Questions;

/// <summary>Answers questions about courses: what the HTTP API, the page and the command line ask.</summary>
/// <remarks>Every member may throw a <see cref="StatisticsUnavailableException"/>: the storage is away, and the answer is not in memory.</remarks>
public interface ICourseStatistics
{
    /// <summary>The numbers of one course; null where the course was never seen.</summary>
    ValueTask<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question, CancellationToken cancellationToken);

    /// <summary>The courses with the most views in a window.</summary>
    ValueTask<TopAnswer> TopAsync(TopQuestion question, CancellationToken cancellationToken);

    /// <summary>How the reading of the log goes.</summary>
    ValueTask<ServiceStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>Every number there is at a resolution of one minute, and each course's views of all time; as durable at this moment, in no particular order.</summary>
    IAsyncEnumerable<ExportRow> ExportAsync(CancellationToken cancellationToken);
}
