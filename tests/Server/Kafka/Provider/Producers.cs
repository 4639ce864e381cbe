using Orleans.Streams;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Produces from within a silo.</summary>
public interface IProducer : IGrainWithStringKey
{
    Task SendAsync(string streamNamespace, string?[] items, bool asBatch);
}

public sealed class Producer : Grain, IProducer
{
    public async Task SendAsync(string streamNamespace, string?[] items, bool asBatch)
    {
        var stream = this.GetStreamProvider(StreamCluster.Name).GetStream<string?>(streamNamespace, this.GetPrimaryKeyString());
        if (asBatch)
        {
            await stream.OnNextBatchAsync(items);
            return;
        }

        foreach (var item in items) await stream.OnNextAsync(item);
    }
}
