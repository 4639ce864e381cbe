namespace Grains.Streams.Kafka;

/// <summary>Where a group begins in a partition that it has committed nothing of.</summary>
public enum KafkaStart
{
    /// <summary>At the first record that the partition still has.</summary>
    Beginning,

    /// <summary>After the last record that the partition has now: what is there already is never counted, nor is what is written to a partition before its first commit.</summary>
    End,
}
