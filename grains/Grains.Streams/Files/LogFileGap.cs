namespace Grains.Streams.Files;

/// <summary>Part of a log that was written and cannot be read any more.</summary>
/// <param name="Position">The position of the first byte that is missing.</param>
/// <param name="KnownBytes">How many bytes are known to be missing; there may be more that nobody saw.</param>
/// <param name="Reason">What happened to them.</param>
public readonly record struct LogFileGap(long Position, long KnownBytes, string Reason);
