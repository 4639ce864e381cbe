namespace Grains.Streams;

/// <summary>A window that has closed, and the row that history keeps of it.</summary>
/// <param name="Window">The window's number; rows of one key are kept and read in the order of these numbers.</param>
/// <param name="HistoryRow">The row; never changed afterwards.</param>
public readonly record struct ClosedWindow(long Window, ReadOnlyMemory<byte> HistoryRow);
