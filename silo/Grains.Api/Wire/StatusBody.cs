using Grains.Abstractions.Questions;

namespace Grains.Api.Wire;

/// <summary>How the reading of the log goes. Counts are since the process began.</summary>
/// <param name="Started">When the process began.</param>
/// <param name="Records">Records read: kept + skipped + refused.</param>
/// <param name="Kept">Records that are views of a course.</param>
/// <param name="Skipped">Records that are not wanted, by reason.</param>
/// <param name="Refused">Records that were not understood, by reason.</param>
/// <param name="Samples">Some of the refused records, the newest last.</param>
/// <param name="EventTime">The newest event time read.</param>
/// <param name="Courses">Courses in memory.</param>
/// <param name="RecordsPerSecond">Records read a second, over the last few seconds.</param>
/// <param name="Partitions">Each partition that is read.</param>
/// <param name="Silos">Silos of the cluster.</param>
/// <param name="MissingSilos">Those that did not answer: what they read and have is not in here.</param>
internal sealed record StatusBody(
    DateTimeOffset Started,
    long Records,
    long Kept,
    CountsBody Skipped,
    CountsBody Refused,
    IReadOnlyList<RefusedSample> Samples,
    DateTimeOffset? EventTime,
    int Courses,
    double RecordsPerSecond,
    IReadOnlyList<PartitionStatus> Partitions,
    int Silos,
    int MissingSilos)
{
    /// <summary>The same as JSON has it.</summary>
    public static StatusBody From(ServiceStatus status) => new(
        status.Started, status.Records, status.Kept, CountsBody.From(status.Skipped), CountsBody.From(status.Refused), status.Samples,
        status.EventTime, status.Courses, Math.Round(status.RecordsPerSecond, 1), status.Partitions, status.Silos, status.MissingSilos);
}

/// <summary>A number and what it is made of.</summary>
internal sealed record CountsBody(long Total, IReadOnlyDictionary<string, long> ByReason)
{
    /// <summary>The same as JSON has it.</summary>
    public static CountsBody From(IReadOnlyDictionary<string, long> byReason) => new(byReason.Values.Sum(), byReason);
}
