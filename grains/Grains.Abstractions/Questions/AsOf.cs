namespace Grains.Abstractions.Questions;

/// <summary>What an answer contains: every event up to these positions, and no other.</summary>
/// <param name="EventTime">The newest event time read; windows are told from here, not from the clock.</param>
/// <param name="Positions">For each partition the position of the last event of this course that is counted.</param>
/// <param name="Late">Events of this course that came after their window had closed; they are counted all the same.</param>
/// <param name="Durable">Whether all of it is in the storage already.</param>
/// <param name="Staleness">How long ago the storage last took a snapshot of this course, where something waits for it; zero otherwise.</param>
[GenerateSerializer, Immutable]
public sealed record AsOf(
    [property: Id(0)] DateTimeOffset EventTime,
    [property: Id(1)] IReadOnlyList<PartitionPosition> Positions,
    [property: Id(2)] long Late,
    [property: Id(3)] bool Durable,
    [property: Id(4)] TimeSpan Staleness);
