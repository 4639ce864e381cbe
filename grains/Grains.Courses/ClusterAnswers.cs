using Grains.Abstractions.Questions;

namespace Grains.Courses;

/// <summary>Makes one answer of those of several silos. A course is counted on one silo, so sums are exact.</summary>
internal static class ClusterAnswers
{
    public static TopAnswer Merge(TopQuestion question, IReadOnlyList<TopAnswer> silos, int missing)
    {
        if (silos.Count == 0) throw new TimeoutException("No silo of the cluster has answered within two seconds. Ask again; if it stays so, look at the silos' logs.");

        // A silo that was asked while an event came may be a window ahead: what is added up is of the newest window.
        var newest = silos.MaxBy(answer => answer.Of.Start)!.Of;
        var same = silos.Where(answer => answer.Of.Start == newest.Start).ToList();
        return new TopAnswer(
            newest with { Views = same.Sum(answer => answer.Of.Views), End = same.Max(answer => answer.Of.End) },
            [.. same.SelectMany(answer => answer.Courses).OrderByDescending(course => course.Views).ThenBy(course => course.Course.Value, StringComparer.Ordinal).Take(question.Count)],
            same.Sum(answer => answer.CourseCount),
            missing + silos.Count - same.Count);
    }

    public static ServiceStatus Merge(IReadOnlyList<ServiceStatus> silos, int missing, DateTimeOffset now) => new(
        silos.Count == 0 ? now : silos.Min(silo => silo.Started),
        silos.Sum(silo => silo.Records),
        silos.Sum(silo => silo.Kept),
        Sum(silos.Select(silo => silo.Skipped)),
        Sum(silos.Select(silo => silo.Refused)),
        [.. silos.SelectMany(silo => silo.Samples)],
        silos.Max(silo => silo.EventTime),
        silos.Sum(silo => silo.Courses),
        silos.Sum(silo => silo.RecordsPerSecond),
        [.. silos.SelectMany(silo => silo.Partitions).OrderBy(partition => partition.Source, StringComparer.Ordinal).ThenBy(partition => partition.Partition)],
        silos.Count + missing,
        missing);

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts) =>
        counts.SelectMany(count => count).GroupBy(count => count.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(count => count.Value), StringComparer.Ordinal);
}
