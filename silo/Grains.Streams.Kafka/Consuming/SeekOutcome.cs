namespace Grains.Streams.Kafka.Consuming;

/// <summary>What became of a seek.</summary>
internal enum SeekOutcome
{
    /// <summary>The next record is the first at or after the position.</summary>
    Done,

    /// <summary>Not now; it can be tried again.</summary>
    NotNow,

    /// <summary>librdkafka has stopped fetching the partition, as it does where a position is out of reach: only a new assignment starts it again.</summary>
    Stopped,
}
