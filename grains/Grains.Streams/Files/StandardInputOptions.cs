namespace Grains.Streams.Files;

/// <summary>How a stream that cannot go back is read.</summary>
public sealed class StandardInputOptions
{
    /// <summary>The longest line in bytes, without its line end. Of a longer one the first <c>MaxLineBytes + 1</c> bytes are handed on, for the decoder to refuse. Default 1 MiB.</summary>
    public int MaxLineBytes { get; init; } = 1 << 20;

    /// <summary>The most bytes kept because they are not committed yet; nothing more is read until some are. Must be at least 64 KiB more than a line. Too little makes reading wait for each commit. Default 64 MiB.</summary>
    public int MaxKeptBytes { get; init; } = 64 << 20;

    /// <summary>The longest wait for more. Default 50 ms.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(50);
}
