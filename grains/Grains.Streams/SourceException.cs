namespace Grains.Streams;

/// <summary>A source cannot be read. The message says what, on what, why, and what to do next.</summary>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);
