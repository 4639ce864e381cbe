namespace Grains.Streams.Kafka;

/// <summary>How far a sender of lines is.</summary>
/// <param name="Lines">Lines handed to the producer.</param>
/// <param name="Bytes">Their bytes, without line ends.</param>
/// <param name="Kept">Lines that the brokers have kept.</param>
/// <param name="Elapsed">Since the first line.</param>
public readonly record struct SendProgress(long Lines, long Bytes, long Kept, TimeSpan Elapsed)
{
    /// <summary>Lines kept a second.</summary>
    public double LinesPerSecond => Elapsed > TimeSpan.Zero ? Kept / Elapsed.TotalSeconds : 0;
}
