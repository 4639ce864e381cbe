namespace Grains.Streams.Storage;

/// <summary>One closed window of one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Window">The window's number.</param>
/// <param name="Version">The version of the snapshot that held the window: among rows of one window the highest wins.</param>
/// <param name="Payload">The row's bytes.</param>
public readonly record struct HistoryRow(string Key, long Window, long Version, ReadOnlyMemory<byte> Payload);
