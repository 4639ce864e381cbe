using Xunit;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Events reach their consumers.</summary>
public sealed class DeliveryTests(KafkaServer kafka)
{
    [Fact]
    public async Task An_event_activates_its_implicit_subscriber_and_is_committed_when_that_has_it()
    {
        var key = Guid.NewGuid().ToString("n");
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());

        await cluster.Stream("plain", key).OnNextAsync("one");

        Assert.Equal(["one"], await Ledger.Of(key).UntilAsync("plain", 1));
        await cluster.UntilCommittedAsync(1);
    }
}
