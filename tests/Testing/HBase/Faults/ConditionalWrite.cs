namespace Grains.Testing.HBase.Faults;

/// <summary>One conditional write as its writer saw it: on the condition that the row is as it was read, it is to become the next version.</summary>
/// <param name="Row">The row.</param>
/// <param name="Version">The version it would have got.</param>
/// <param name="Previous">The writer of the version before, as it was read; 0: there was none.</param>
/// <param name="Writer">A number that no other write has.</param>
/// <param name="Won">The answer; null: nobody knows.</param>
public readonly record struct ConditionalWrite(int Row, long Version, long Previous, long Writer, bool? Won);
