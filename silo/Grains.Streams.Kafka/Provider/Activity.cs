using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>Tells Orleans that a stream has something to be delivered, which its cursors find in the cache.</summary>
internal sealed class Activity(StreamId stream, EventPosition first) : IBatchContainer
{
    public StreamId StreamId => stream;

    public StreamSequenceToken SequenceToken { get; } = new ActivityToken(first);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => [];

    public bool ImportRequestContext() => false;
}
