using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams.Cluster;
using Grains.Streams.Storage;

namespace Grains.Courses;

/// <summary>The face of one course in the cluster. It lives on the silo that owns the course's cell, is born when somebody asks, and answers from the cell.</summary>
/// <remarks>Counting needs no activation: ARCHITECTURE.md, "Decisions", says why.</remarks>
[OwnerPlacement]
internal sealed class CourseGrain(CourseReader reader) : Grain, ICourseGrain
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
            // The next call makes an activation where the cell is.
            DeactivateOnIdle();
            throw;
        }
        catch (SnapshotStorageException failure)
        {
            // The cause is of some storage's own library, which no codec knows; the message of damage goes to the log of who asked.
            throw failure.IsTransient
                ? new StatisticsUnavailableException($"The storage does not answer, and what is asked of course '{course}' is not all in memory. Ask again when it does.")
                : new InvalidDataException(failure.Message);
        }
    }
}
