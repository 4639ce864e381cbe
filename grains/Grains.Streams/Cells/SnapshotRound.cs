namespace Grains.Streams.Cells;

/// <summary>What came of writing the cells that were dirty.</summary>
/// <param name="Written">Rows that are in the storage now.</param>
/// <param name="Failed">Rows that are not, or of which nobody knows.</param>
/// <param name="Refused">Those of the failed that the storage will not take however often they are tried.</param>
/// <param name="Refusal">Why it does not take the first of these, and what to do.</param>
internal readonly record struct SnapshotRound(int Written, int Failed, int Refused, string? Refusal)
{
    public static SnapshotRound operator +(SnapshotRound first, SnapshotRound second) =>
        new(first.Written + second.Written, first.Failed + second.Failed, first.Refused + second.Refused, first.Refusal ?? second.Refusal);
}
