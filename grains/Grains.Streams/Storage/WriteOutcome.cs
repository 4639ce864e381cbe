namespace Grains.Streams.Storage;

/// <summary>What became of a conditional write.</summary>
public enum WriteOutcome : byte
{
    /// <summary>It may or may not be in the storage.</summary>
    Unknown = 0,

    /// <summary>It is in the storage.</summary>
    Won = 1,

    /// <summary>It is not in the storage, and never will be: the row had another version.</summary>
    Lost = 2,

    /// <summary>It is not in the storage, and never will be: the storage was not reached, or said no. The same write may be tried again.</summary>
    NotWritten = 3,
}
