namespace Grains.Streams.Storage;

/// <summary>One stored snapshot.</summary>
/// <param name="Key">The key it belongs to.</param>
/// <param name="Version">1 for the first write of a key, one more for each after it.</param>
/// <param name="Writer">The cell that wrote it.</param>
/// <param name="Payload">The row's bytes.</param>
public readonly record struct SnapshotRow(string Key, long Version, long Writer, ReadOnlyMemory<byte> Payload);
