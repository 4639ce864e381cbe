namespace Grains.Streams.Kafka.Consuming;

/// <summary>Why a consumer was closed.</summary>
internal enum SessionEnd
{
    /// <summary>The silo stops.</summary>
    Stopped,

    /// <summary>A run with an end has read everything.</summary>
    Finished,

    /// <summary>The topic was deleted and made again.</summary>
    TopicReplaced,

    /// <summary>The consumer cannot be used any more; a new one can.</summary>
    Failed,

    /// <summary>The brokers do not assign partitions.</summary>
    NoConsumerProtocol,

    /// <summary>The instance id is held by a member that the brokers have not given up.</summary>
    NameTaken,
}
