using Grains.Abstractions.Questions;
using Microsoft.Extensions.DependencyInjection;

namespace Grains.Courses;

/// <summary>Registers what answers questions about courses.</summary>
public static class CourseHosting
{
    /// <summary>Adds <see cref="ICourseStatistics"/> of the whole cluster. Needed beside it: the stream of courses (<see cref="CourseStream"/>), <see cref="CourseExport"/>, <see cref="EventClock"/>, <see cref="RefusedLines"/>.</summary>
    public static ISiloBuilder AddCourseStatistics(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<CourseReader>();
        silo.Services.AddSingleton<TopCourses>();
        silo.Services.AddSingleton<SiloStatistics>();
        silo.Services.AddSingleton<SiloStatisticsClient>();
        silo.Services.AddSingleton<ICourseStatistics, CourseStatistics>();
        return silo.AddGrainService<SiloStatisticsService>();
    }
}
