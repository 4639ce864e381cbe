namespace Grains.Streams.Cells;

/// <summary>What a cell says to a chunk or a hello.</summary>
internal enum CellAnswer : byte
{
    /// <summary>The chunk is counted now, or was before.</summary>
    Counted,

    /// <summary>The epoch is another, or the chunk straddles the applied position: the reply says where to go on.</summary>
    Refused,

    /// <summary>There is no such cell here now: say hello.</summary>
    NoCell,

    /// <summary>This silo does not own the key, or not yet: ask again later.</summary>
    NotOwner,

    /// <summary>A window must be read from history first.</summary>
    NeedsHistory,

    /// <summary>The storage cannot be asked for the key's row or history now.</summary>
    Away,
}

/// <summary>What a cell says to a chunk or a hello, and how far it has come in the asking pump's partition.</summary>
/// <param name="Answer">What became of the chunk.</param>
/// <param name="Epoch">The cell's epoch.</param>
/// <param name="Applied">The last position that is counted.</param>
/// <param name="Durable">The last position that is counted in the storage.</param>
[GenerateSerializer, Immutable]
internal readonly record struct CellReply([property: Id(0)] CellAnswer Answer, [property: Id(1)] long Epoch, [property: Id(2)] long Applied, [property: Id(3)] long Durable);
