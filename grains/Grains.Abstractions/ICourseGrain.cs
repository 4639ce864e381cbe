using Grains.Abstractions.Questions;

namespace Grains.Abstractions;

/// <summary>One course: answers questions about its views. Its key is the <see cref="CourseId"/>.</summary>
[Alias("Grains.ICourseGrain")]
public interface ICourseGrain : IGrainWithStringKey
{
    /// <summary>The numbers of the course; null where it was never seen.</summary>
    [Alias("Ask"), ResponseTimeout("00:00:10")]
    Task<CourseAnswer?> AskAsync(CourseQuestion question, CancellationToken cancellationToken);
}
