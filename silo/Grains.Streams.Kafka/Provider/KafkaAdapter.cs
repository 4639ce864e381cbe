using Confluent.Kafka;
using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>Produces into the topic, and makes the receivers of a silo.</summary>
internal sealed class KafkaAdapter(string name, KafkaProviderOptions options, PartitionQueues queues, RecordFormat format, IProducer<byte[], byte[]> producer, Func<QueueId, IQueueAdapterReceiver>? receivers) : IQueueAdapter
{
    public string Name => name;

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => receivers is null ? StreamProviderDirection.WriteOnly : StreamProviderDirection.ReadWrite;

    /// <summary>Completes when all in-sync replicas have the record.</summary>
    /// <exception cref="SourceException">They do not; after a time-out it may be in the topic all the same.</exception>
    public async Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null) throw new ArgumentException("The log gives events their tokens; a producer cannot.", nameof(token));

        var record = format.Write(streamId, events, requestContext);
        try
        {
            await producer.ProduceAsync(new TopicPartition(options.Kafka.Topic, queues.PartitionOf(streamId)), record).ConfigureAwait(false);
        }
        catch (ProduceException<byte[], byte[]> failure)
        {
            throw new SourceException(Told(streamId, failure.Error), failure);
        }
    }

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => receivers?.Invoke(queueId) ?? throw new NotSupportedException("A client produces; silos read.");

    private string Told(StreamId stream, Error error) => error.Code switch
    {
        ErrorCode.MsgSizeTooLarge => $"An event of {stream} is too large for topic '{options.Kafka.Topic}': {error.Reason}. Raise MaxRecordBytes and the topic's max.message.bytes, or send less in one batch.",
        ErrorCode.Local_MsgTimedOut => $"An event of {stream} was not confirmed by {options.Kafka.BootstrapServers} within {options.SendTimeout}. It may be in topic '{options.Kafka.Topic}' or not; sending it again may double it.",
        _ => $"An event of {stream} was not taken by topic '{options.Kafka.Topic}' at {options.Kafka.BootstrapServers}: {error.Reason} ({error.Code}).",
    };
}
