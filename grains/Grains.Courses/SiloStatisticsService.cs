using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Services;

namespace Grains.Courses;

/// <inheritdoc cref="ISiloStatisticsService"/>
[Reentrant]
internal sealed class SiloStatisticsService(GrainId id, Silo silo, ILoggerFactory logs, SiloStatistics statistics, CourseReader reader) : GrainService(id, silo, logs), ISiloStatisticsService
{
    public Task<long> NewestAsync() => Task.FromResult(statistics.Newest);

    // Off the service's one thread: it looks at every course.
    public Task<TopAnswer> TopAsync(TopQuestion question, long asOf) => Task.Run(() => statistics.Top(question, asOf));

    public Task<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question) => Task.Run(() => reader.AskAsync(course, question, CancellationToken.None).AsTask());

    public Task<ServiceStatus> StatusAsync() => Task.FromResult(statistics.Status());

    public Task<bool> FlushAsync() => Task.Run(() => statistics.FlushAsync(CancellationToken.None).AsTask());
}

/// <summary>Finds the service of a given silo.</summary>
internal sealed class SiloStatisticsClient(IServiceProvider services) : GrainServiceClient<ISiloStatisticsService>(services)
{
    public ISiloStatisticsService At(SiloAddress silo) => GetGrainService(silo);
}
