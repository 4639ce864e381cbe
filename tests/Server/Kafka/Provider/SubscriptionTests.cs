using Orleans.Streams;
using Xunit;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Explicit subscriptions, of grains and of clients, and going back by token.</summary>
public sealed class SubscriptionTests(KafkaServer kafka)
{
    private readonly string _key = Guid.NewGuid().ToString("n");

    private Ledger Ledger => Ledger.Of(_key);

    [Fact]
    public async Task A_subscriber_gets_what_comes_after_it_has_subscribed_and_nothing_after_it_has_left()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var grain = cluster.Client.GetGrain<IExplicitConsumer>(_key);
        await cluster.Stream("explicit", _key).OnNextAsync("before");
        await cluster.UntilCommittedAsync(1);

        await grain.SubscribeAsync(null);
        foreach (var item in (string[])["a", "b"]) await cluster.Stream("explicit", _key).OnNextAsync(item);
        Assert.Equal(["a", "b"], await Ledger.UntilAsync("explicit", 2));

        Assert.Equal(1, await grain.SubscriptionsAsync());
        await grain.UnsubscribeAsync();
        Assert.Equal(0, await grain.SubscriptionsAsync());
        await cluster.Stream("explicit", _key).OnNextAsync("after");
        await cluster.UntilCommittedAsync(4);
        Assert.Equal(["a", "b"], Ledger.By("explicit"));
    }

    [Fact]
    public async Task A_subscription_outlives_its_activation_and_is_resumed()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var grain = cluster.Client.GetGrain<IExplicitConsumer>(_key);
        await grain.SubscribeAsync(null);
        await cluster.Stream("explicit", _key).OnNextAsync("a");
        await Ledger.UntilAsync("explicit", 1);
        await cluster.Cluster.DeactivateAsync(grain);

        await cluster.Stream("explicit", _key).OnNextAsync("b");

        Assert.Equal(["a", "b"], await Ledger.UntilAsync("explicit", 2));
    }

    [Fact]
    public async Task Of_two_subscriptions_each_gets_every_event()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var grain = cluster.Client.GetGrain<IExplicitConsumer>(_key);
        await grain.SubscribeAsync(null);
        await grain.SubscribeAsync(null);
        foreach (var item in (string[])["a", "b"]) await cluster.Stream("explicit", _key).OnNextAsync(item);

        Assert.Equal(["a", "a", "b", "b"], (await Ledger.UntilAsync("explicit", 4)).Order());
        await cluster.UntilCommittedAsync(2);
    }

    [Fact]
    public async Task A_client_subscribes_and_leaves()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var stream = cluster.Stream("explicit", _key);
        var handle = await stream.SubscribeAsync((item, token) => Ledger.SeeAsync("client", item, token));
        foreach (var item in (string[])["a", "b"]) await stream.OnNextAsync(item);
        Assert.Equal(["a", "b"], await Ledger.UntilAsync("client", 2));

        await handle.UnsubscribeAsync();
        await stream.OnNextAsync("c");
        await cluster.UntilCommittedAsync(3);
        Assert.Equal(["a", "b"], Ledger.By("client"));
    }

    [Fact]
    public async Task From_a_token_everything_since_is_delivered_again_also_what_left_the_cache_long_ago()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync(), configure: options => options.CacheRecords = 16);
        var grain = cluster.Client.GetGrain<IExplicitConsumer>(_key);
        await grain.SubscribeAsync(null);
        var sent = Enumerable.Range(0, 100).Select(number => $"{number}").ToArray();
        for (var number = 0; number < 100; number++)
        {
            await cluster.Stream("explicit", _key).OnNextAsync(sent[number]);
            await cluster.Stream("plain", _key + number % 7).OnNextAsync("others");
        }

        await Ledger.UntilAsync("explicit", 100);
        await cluster.UntilCommittedAsync(200);
        var token = Ledger.Everything().Single(seen => seen.Item == "30").Token;
        await grain.UnsubscribeAsync();

        // A subscription's token names the first event that is wanted.
        await grain.SubscribeAsync(token);
        await cluster.Stream("explicit", _key).OnNextAsync("100");

        Assert.Equal([.. sent, .. sent[30..], "100"], await Ledger.UntilAsync("explicit", 171));
        Assert.Equal(100, Enumerable.Range(0, 7).Sum(other => Ledger.Of(_key + other).By("plain").Count));
        await cluster.UntilCommittedAsync(201);
    }

    [Fact]
    public async Task From_the_earliest_there_is_means_from_the_beginning_of_the_log()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        foreach (var item in (string[])["a", "b"]) await cluster.Stream("explicit", _key).OnNextAsync(item);
        await cluster.UntilCommittedAsync(2);

        await cluster.Stream("explicit", _key).SubscribeAsync(new Observer(Ledger), StreamSubscriptionStartPosition.EarliestAvailable);
        await cluster.Stream("explicit", _key).OnNextAsync("c");

        Assert.Equal(["a", "b", "c"], await Ledger.UntilAsync("client", 3));
    }

    private sealed class Observer(Ledger ledger) : IAsyncObserver<string?>
    {
        public Task OnNextAsync(string? item, StreamSequenceToken? token = null) => ledger.SeeAsync("client", item, token);

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}
