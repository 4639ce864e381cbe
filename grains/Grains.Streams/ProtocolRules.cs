namespace Grains.Streams;

/// <summary>The rules of the exactly-once protocol that live in this project, each of which can be taken out by a test that proves it is needed.</summary>
/// <remarks>Nothing but the protocol's own tests sets one of these to false. ARCHITECTURE.md lists the rules.</remarks>
internal sealed record ProtocolRules
{
    /// <summary>Every rule holds.</summary>
    public static ProtocolRules All { get; } = new();

    /// <summary>Rule 1: a chunk for another epoch is refused.</summary>
    public bool EpochIsChecked { get; init; } = true;

    /// <summary>Rule 2: what is applied already is acknowledged and not applied again, and no chunk straddles the applied position.</summary>
    public bool AppliedIsSkipped { get; init; } = true;

    /// <summary>Rule 3: a chunk is sent again until it is answered, and no later one overtakes it.</summary>
    public bool ResentUntilAnswered { get; init; } = true;

    /// <summary>Rule 4: a cell whose write was lost, or whose write's outcome is unknown, forgets.</summary>
    public bool ForgetsAfterDoubt { get; init; } = true;

    /// <summary>Rule 5: what is committed is durable, not merely applied.</summary>
    public bool CommitsTheDurable { get; init; } = true;

    /// <summary>Rule 5: what was passed over while the storage was away is not committed.</summary>
    public bool DeferredHoldsCommit { get; init; } = true;

    /// <summary>Rule 6: a cell that holds the commit back is asked, so that events lost with its predecessor are read again.</summary>
    public bool Nudges { get; init; } = true;

    /// <summary>Rule 7: history is written after the snapshot that holds it has won.</summary>
    public bool HistoryAfterSnapshot { get; init; } = true;

    /// <summary>Rule 7: a window that is not in memory is read before it is changed.</summary>
    public bool LateWindowsAreRestored { get; init; } = true;
}
