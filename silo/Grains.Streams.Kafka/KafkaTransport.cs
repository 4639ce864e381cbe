namespace Grains.Streams.Kafka;

/// <summary>How a client speaks to the brokers.</summary>
public enum KafkaTransport
{
    /// <summary>In the clear, unauthenticated.</summary>
    Plaintext,

    /// <summary>TLS; authenticated by a client certificate, if any.</summary>
    Tls,

    /// <summary>In the clear, with user and password: for loopback and closed networks only.</summary>
    SaslPlaintext,

    /// <summary>TLS, with user and password.</summary>
    SaslTls,
}
