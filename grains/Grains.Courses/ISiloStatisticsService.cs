using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams.Cluster;
using Orleans.Services;

namespace Grains.Courses;

/// <summary>What one silo of the cluster knows, as the others ask for it. A silo that does not answer within two seconds is told of as missing.</summary>
[Alias("Grains.Courses.ISiloStatisticsService")]
internal interface ISiloStatisticsService : IGrainService
{
    /// <summary>The newest event time that the silo has seen, in seconds since 1970; 0 before the first.</summary>
    [Alias("Newest"), ResponseTimeout("00:00:02")]
    Task<long> NewestAsync();

    /// <summary>The most viewed of its courses, in the window that contains a moment.</summary>
    [Alias("Top"), ResponseTimeout("00:00:02")]
    Task<TopAnswer> TopAsync(TopQuestion question, long asOf);

    /// <summary>The numbers of one of its courses; null where the course was never seen.</summary>
    /// <exception cref="KeyMovedException">It is not one of its courses.</exception>
    [Alias("Ask"), ResponseTimeout("00:00:10")]
    Task<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question);

    /// <summary>How its reading goes.</summary>
    [Alias("Status"), ResponseTimeout("00:00:02")]
    Task<ServiceStatus> StatusAsync();

    /// <summary>Makes everything durable that it has counted. False where that cannot be done now.</summary>
    [Alias("Flush"), ResponseTimeout("00:01:00")]
    Task<bool> FlushAsync();
}
