namespace Grains.Abstractions.Questions;

/// <summary>How the reading of the log goes. Counts are since the process began.</summary>
/// <param name="Started">When the process began.</param>
/// <param name="Records">Records read: kept + skipped + refused.</param>
/// <param name="Kept">Records that are views of a course.</param>
/// <param name="Skipped">Records that are not wanted, by reason.</param>
/// <param name="Refused">Records that were not understood, by reason.</param>
/// <param name="Samples">Some of the refused records, the newest last.</param>
/// <param name="EventTime">The newest event time read; null before the first view.</param>
/// <param name="Courses">Courses in memory.</param>
/// <param name="RecordsPerSecond">Records read a second, over the last few seconds.</param>
/// <param name="Partitions">Each partition that is read.</param>
/// <param name="Silos">Silos of the cluster.</param>
/// <param name="MissingSilos">Those of them that did not answer: what they read and have is not in here.</param>
[GenerateSerializer, Immutable]
public sealed record ServiceStatus(
    [property: Id(0)] DateTimeOffset Started,
    [property: Id(1)] long Records,
    [property: Id(2)] long Kept,
    [property: Id(3)] IReadOnlyDictionary<string, long> Skipped,
    [property: Id(4)] IReadOnlyDictionary<string, long> Refused,
    [property: Id(5)] IReadOnlyList<RefusedSample> Samples,
    [property: Id(6)] DateTimeOffset? EventTime,
    [property: Id(7)] int Courses,
    [property: Id(8)] double RecordsPerSecond,
    [property: Id(9)] IReadOnlyList<PartitionStatus> Partitions,
    [property: Id(10)] int Silos = 1,
    [property: Id(11)] int MissingSilos = 0);
