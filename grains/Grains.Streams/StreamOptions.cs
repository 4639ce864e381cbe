namespace Grains.Streams;

/// <summary>How a silo reads.</summary>
public sealed class StreamOptions
{
    /// <summary>How many bytes of records one poll takes when the reader is up to date. Default 64 KiB. Smaller: more work a record; larger: nothing, when up to date.</summary>
    public int MinPollBytes { get; set; } = 64 << 10;

    /// <summary>How many bytes of records one poll takes when the reader is far behind; polls grow and shrink between the two. Default 4 MiB. Larger: fewer and larger chunks, more memory, answers that move in larger steps.</summary>
    public int MaxPollBytes { get; set; } = 4 << 20;

    /// <summary>How much may be read and not yet durable before reading pauses; it resumes at three quarters. Default 2 GiB. Smaller: reading pauses sooner while the storage is away; larger: more is read again after a crash.</summary>
    public long MaxUndurableBytes { get; set; } = 2L << 30;

    /// <summary>How often what has become durable is committed. Default 1 s. Shorter: more commits; longer: more is read again after a crash.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait before something is tried again that failed in passing; doubles up to 20 times as much. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many keys a pump remembers; above it those are forgotten that have nothing under way. Default 4,000,000.</summary>
    public int MaxKeys { get; set; } = 4_000_000;

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (MinPollBytes < 1024) yield return $"StreamOptions: MinPollBytes is {MinPollBytes}; it must be at least 1024 (default 65536).";
        if (MaxPollBytes < MinPollBytes) yield return $"StreamOptions: MaxPollBytes is {MaxPollBytes}; it must be at least MinPollBytes, {MinPollBytes} (default 4194304).";
        if (MaxUndurableBytes < MaxPollBytes) yield return $"StreamOptions: MaxUndurableBytes is {MaxUndurableBytes}; it must be at least MaxPollBytes, {MaxPollBytes} (default 2147483648).";
        if (CommitInterval <= TimeSpan.Zero) yield return $"StreamOptions: CommitInterval is {CommitInterval}; it must be above zero (default 00:00:01).";
        if (RetryDelay <= TimeSpan.Zero) yield return $"StreamOptions: RetryDelay is {RetryDelay}; it must be above zero (default 00:00:00.1).";
        if (MaxKeys < 1) yield return $"StreamOptions: MaxKeys is {MaxKeys}; it must be at least 1 (default 4000000).";
    }
}
