using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>What a consumer needs of the silo around it.</summary>
internal abstract class SessionHost
{
    public abstract ILogger Log { get; }

    public abstract TimeProvider Time { get; }

    public abstract KafkaMetrics Metrics { get; }

    /// <summary>Cancelled when nobody waits any more for what is not durable.</summary>
    public abstract CancellationToken Hurry { get; }

    public abstract PartitionRun Read(KafkaPartitionSource source);

    public abstract Task ReleaseAsync(PartitionRun run, CancellationToken deadline);

    public abstract void NoteError(Error error);

    public abstract void NoteTopic(bool there);

    /// <summary>Reading cannot go on, whatever is tried.</summary>
    public abstract void Fail(Exception failure);
}
