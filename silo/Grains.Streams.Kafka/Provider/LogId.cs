using System.Globalization;

namespace Grains.Streams.Kafka.Provider;

/// <summary>Names one log: the partition of a topic, by the topic's id and not by its name, which another topic may have later.</summary>
/// <param name="Topic">The lower half of the topic's id; 62 of its bits are random.</param>
/// <param name="Partition">The partition's number.</param>
[GenerateSerializer, Immutable]
internal readonly record struct LogId([property: Id(0)] long Topic, [property: Id(1)] int Partition)
{
    /// <param name="topicId">32 hexadecimal digits.</param>
    /// <param name="partition">The partition's number.</param>
    public static LogId Of(string topicId, int partition) => new(long.Parse(topicId.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), partition);
}
