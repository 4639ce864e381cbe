namespace Grains.Streams.Kafka;

/// <summary>How a finding is to be taken.</summary>
public enum KafkaFindingSeverity
{
    /// <summary>As it should be.</summary>
    Well,

    /// <summary>It works, and may not for long.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Fault,
}
