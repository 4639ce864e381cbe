namespace Grains.Streams;

/// <summary>What a state contains at the moment it is asked.</summary>
/// <param name="Positions">Each partition that has fed it.</param>
/// <param name="Durable">Whether all of it is in the storage.</param>
/// <param name="Waiting">How long something of it has waited for the storage; zero where nothing waits.</param>
public readonly record struct CellContents(IReadOnlyList<CellPosition> Positions, bool Durable, TimeSpan Waiting);
