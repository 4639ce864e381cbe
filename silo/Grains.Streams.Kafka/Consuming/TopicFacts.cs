using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>A topic as the brokers describe it.</summary>
/// <param name="Id">Its id, 32 hexadecimal digits.</param>
/// <param name="Partitions">How many partitions it has.</param>
internal readonly record struct TopicFacts(string Id, int Partitions)
{
    /// <summary>Asks the brokers.</summary>
    /// <returns>Null where they say that there is no such topic.</returns>
    /// <exception cref="KafkaException">They do not answer, or refuse to say.</exception>
    public static async Task<TopicFacts?> AskAsync(IAdminClient admin, string topic, TimeSpan timeout)
    {
        TopicDescription description;
        try
        {
            var descriptions = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = timeout }).ConfigureAwait(false);
            description = descriptions.TopicDescriptions[0];
        }
        catch (DescribeTopicsException failure) when (failure.Results.TopicDescriptions.Count == 1)
        {
            description = failure.Results.TopicDescriptions[0];
        }

        if (description.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic) return null;
        if (description.Error.IsError) throw new KafkaException(description.Error);

        var id = description.TopicId;
        return new TopicFacts($"{id.MostSignificantBits.Value:x16}{id.LeastSignificantBits.Value:x16}", description.Partitions.Count);
    }
}
