namespace Grains.Windows;

/// <summary>Ten minutes of one course in the form that history keeps.</summary>
/// <param name="Block">Which ten minutes: seconds since 1970 divided by 600.</param>
/// <param name="Row">The history row; never changed afterwards.</param>
public readonly record struct ClosedBlock(long Block, ReadOnlyMemory<byte> Row);
