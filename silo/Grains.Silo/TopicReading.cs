using Grains.Abstractions;
using Grains.Courses;
using Grains.Streams.Kafka;

namespace Grains.Silo;

/// <summary>Reads the partitions of a topic that the consumer group gives to this silo.</summary>
internal sealed class TopicReading(KafkaReader<CourseState, CourseEvent> reader) : IReading
{
    public Task Completion => reader.Completion;

    public Task StartAsync(CancellationToken cancellationToken) => reader.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => reader.StopAsync(cancellationToken);
}
