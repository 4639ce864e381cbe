namespace Grains.Streams;

/// <summary>What became of a record, and why.</summary>
/// <param name="Fate">Kept, skipped or refused.</param>
/// <param name="Reason">Why it was skipped or refused, in the decoder's own numbering, below 64.</param>
public readonly record struct RecordVerdict(RecordFate Fate, byte Reason)
{
    /// <summary>The record is an event.</summary>
    public static RecordVerdict Kept => new(RecordFate.Kept, 0);

    /// <summary>The record is not wanted.</summary>
    public static RecordVerdict Skipped(byte reason) => new(RecordFate.Skipped, reason);

    /// <summary>The record was not understood.</summary>
    public static RecordVerdict Refused(byte reason) => new(RecordFate.Refused, reason);
}
