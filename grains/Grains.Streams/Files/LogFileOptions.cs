namespace Grains.Streams.Files;

/// <summary>Which file is read, and how.</summary>
public sealed class LogFileOptions
{
    /// <summary>The file. Its rotated siblings are those beside it whose names add a number or a date: <c>access.log.1</c>, <c>access.log-20260131</c>, <c>access-2026-01-31.log</c>; compressed ones are not read.</summary>
    public required string Path { get; init; }

    /// <summary>Whether reading ends at the present end, where a last line without newline counts as complete and a file that is not there is an error. Default false: the file is followed for ever, and waited for.</summary>
    public bool ReadToEnd { get; init; }

    /// <summary>The longest line in bytes, without its line end. Of a longer one the first <c>MaxLineBytes + 1</c> bytes are handed on, for the decoder to refuse. Too small refuses good lines; as much memory may be taken. Default 1 MiB.</summary>
    public int MaxLineBytes { get; init; } = 1 << 20;

    /// <summary>Bytes read at once. Below 64 KiB the calls cost more than the bytes; above 1 MiB they fall out of the processor's cache. Default 256 KiB.</summary>
    public int BlockBytes { get; init; } = 1 << 18;

    /// <summary>How often an idle file is looked at. Shorter costs CPU (some 10 µs a look), longer delays every line. Default 50 ms.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a file that was rotated away must not have grown before the next one is read: servers go on writing to the old file until they have noticed. Too short loses (and reports) late lines. Default 1 s.</summary>
    public TimeSpan RotationGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Called for each gap, on the reader's thread; null for no one. Each is logged and counted besides.</summary>
    public Action<LogFileGap>? OnGap { get; init; }
}
