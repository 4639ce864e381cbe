namespace Grains.Streams.Kafka;

/// <summary>How the silos of a group share the partitions of a topic.</summary>
public enum KafkaGroupProtocol
{
    /// <summary>
    /// <see cref="Classic"/> where <see cref="KafkaStreamOptions.InstanceId"/> is set, since only there a killed silo that comes back takes its partitions at once; otherwise <see cref="Consumer"/>
    /// where the brokers have it, else <see cref="Classic"/>.
    /// </summary>
    Auto,

    /// <summary>The brokers assign (KIP-848, Kafka 4.0 and later). With an instance id, a killed silo that comes back waits until the broker has given up its predecessor.</summary>
    Consumer,

    /// <summary>The members assign, cooperatively; every broker has it.</summary>
    Classic,
}
