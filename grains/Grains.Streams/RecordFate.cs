namespace Grains.Streams;

/// <summary>What became of a record. Every record is exactly one of the three.</summary>
public enum RecordFate : byte
{
    /// <summary>Not understood. It goes to the dead letters.</summary>
    Refused = 0,

    /// <summary>Understood, and not wanted.</summary>
    Skipped = 1,

    /// <summary>An event of a key.</summary>
    Kept = 2,
}
