namespace Grains.Streams.Kafka;

/// <summary>How user and password are proved to the broker.</summary>
public enum KafkaSaslMechanism
{
    /// <summary>The password is sent as it is: only over TLS or loopback.</summary>
    Plain,

    /// <summary>SCRAM with SHA-256: the password is not sent.</summary>
    ScramSha256,

    /// <summary>SCRAM with SHA-512: the password is not sent.</summary>
    ScramSha512,
}
