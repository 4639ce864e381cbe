using System.Diagnostics;

namespace Grains.Streams.Kafka;

/// <summary>The counters of one partition.</summary>
internal sealed class PartitionInstruments(KafkaMetrics metrics, TagList tags)
{
    /// <remarks>Runs per poll; allocates nothing.</remarks>
    public void Read(int records, long bytes)
    {
        metrics.Records.Add(records, tags);
        metrics.Bytes.Add(bytes, tags);
    }

    public void Gone(long records) => metrics.Gone.Add(records, tags);
}
