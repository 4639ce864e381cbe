using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams.Cluster;

namespace Grains.Courses;

/// <summary>The face of one course in the cluster. It lives on the silo that owns the course's cell, is born when somebody asks, and answers from the cell.</summary>
/// <remarks>Counting needs no activation: ARCHITECTURE.md, "Decisions", says why.</remarks>
[OwnerPlacement]
internal sealed class CourseGrain(CourseReader reader, IKeyOwners owners, SiloStatisticsClient silos) : Grain, ICourseGrain
{
    public async Task<CourseAnswer?> AskAsync(CourseQuestion question, CancellationToken cancellationToken)
    {
        if (!CourseId.TryParse(this.GetPrimaryKeyString(), out var course)) return null;

        try
        {
            return await reader.AskAsync(course, question, cancellationToken);
        }
        catch (KeyMovedException)
        {
            // The next activation is wanted where the cell is. It need not come to that: Orleans' directory may keep an entry of this silo, and then each call makes an activation here, whatever placement says.
            DeactivateOnIdle();
            return await silos.At(owners.OwnerOf(course.Value)).AskAsync(course, question).WaitAsync(cancellationToken);
        }
    }
}
