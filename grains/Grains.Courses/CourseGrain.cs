using Grains.Abstractions;
using Grains.Abstractions.Questions;

namespace Grains.Courses;

/// <summary>The face of one course in the cluster. It lives on the silo that owns the course's cell, is born when somebody asks, and answers from the cell.</summary>
/// <remarks>Counting needs no activation: ARCHITECTURE.md, "Cells", says why.</remarks>
internal sealed class CourseGrain(CourseReader reader) : Grain, ICourseGrain
{
    public async Task<CourseAnswer?> AskAsync(CourseQuestion question, CancellationToken cancellationToken) =>
        CourseId.TryParse(this.GetPrimaryKeyString(), out var course) ? await reader.AskAsync(course, question, cancellationToken) : null;
}
