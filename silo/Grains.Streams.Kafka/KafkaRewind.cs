namespace Grains.Streams.Kafka;

/// <summary>What a consumer's token means that lies below what the cache of a partition holds.</summary>
public enum KafkaRewind
{
    /// <summary>Everything from the token on is delivered again, read from the log as far back as the topic keeps it. Right for every consumer; a token that is old costs a pass over the partition from there.</summary>
    Log,

    /// <summary>
    /// What was delivered once is taken as done with: delivery goes on at the first event that was not. Right only where every consumer has saved an event, or has no need to, when its <c>OnNextAsync</c> completes;
    /// then no pass over the log is ever needed.
    /// </summary>
    Durable,
}
