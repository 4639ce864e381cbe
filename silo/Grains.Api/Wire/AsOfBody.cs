using Grains.Abstractions.Questions;

namespace Grains.Api.Wire;

/// <summary>What an answer contains.</summary>
/// <param name="EventTime">The newest event time read.</param>
/// <param name="Positions">For each partition the position of the last event that is counted.</param>
/// <param name="Late">Events that came after their window had closed; they are counted all the same.</param>
/// <param name="Durable">Whether all of it is in the storage.</param>
/// <param name="StalenessSeconds">How long ago the storage took the last snapshot, where something waits for the next; otherwise 0.</param>
internal sealed record AsOfBody(DateTimeOffset EventTime, PositionBody[] Positions, long Late, bool Durable, double StalenessSeconds)
{
    /// <summary>The same as JSON has it.</summary>
    public static AsOfBody From(AsOf asOf)
    {
        var positions = new PositionBody[asOf.Positions.Count];
        for (var i = 0; i < positions.Length; i++)
        {
            var position = asOf.Positions[i];
            positions[i] = new PositionBody(position.Source, position.Partition, position.Position);
        }

        return new AsOfBody(asOf.EventTime, positions, asOf.Late, asOf.Durable, Math.Round(asOf.Staleness.TotalSeconds, 3));
    }
}

/// <summary>A position in one partition of the log.</summary>
internal readonly record struct PositionBody(string Source, int Partition, long Position);
