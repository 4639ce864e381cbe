namespace Grains.Streams.Kafka;

/// <summary>One thing that was looked at.</summary>
/// <param name="Severity">Whether it is well.</param>
/// <param name="Subject">What was looked at: settings, brokers, topic, group, offsets.</param>
/// <param name="Found">What was found.</param>
/// <param name="Cause">Why, as far as can be told; empty where all is well.</param>
/// <param name="Fix">What to do; empty where all is well.</param>
public sealed record KafkaFinding(KafkaFindingSeverity Severity, string Subject, string Found, string Cause = "", string Fix = "");
