using Grains.Streams;
using Xunit;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Events reach their consumers, as Orleans' documentation says of streams.</summary>
public sealed class DeliveryTests(KafkaServer kafka)
{
    private readonly string _key = Guid.NewGuid().ToString("n");

    private Ledger Ledger => Ledger.Of(_key);

    [Fact]
    public async Task An_event_activates_its_implicit_subscriber_and_is_committed_when_that_has_it()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var hold = new TaskCompletionSource();
        Ledger.Before = (_, _) => hold.Task;

        await cluster.Stream("plain", _key).OnNextAsync("one");
        await Ledger.UntilAsync(() => Ledger.Notes.Contains("activated"), () => $"not activated\n{cluster.Log}");
        await Pause.OfAsync(500);
        Assert.Equal(-1, cluster.Committed());

        hold.SetResult();
        Assert.Equal(["one"], await Ledger.UntilAsync("plain", 1));
        await cluster.UntilCommittedAsync(1);
    }

    [Fact]
    public async Task Events_of_a_stream_come_in_their_order_from_clients_and_grains_alike()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync(3), silos: 2);
        var sent = Enumerable.Range(0, 200).Select(number => $"{number}").ToArray();
        foreach (var item in sent[..100]) await cluster.Stream("plain", _key).OnNextAsync(item);
        await cluster.Client.GetGrain<IProducer>(_key).SendAsync("plain", sent[100..], asBatch: false);

        Assert.Equal(sent, await Ledger.UntilAsync("plain", 200));
        Assert.Equal(sent, await Ledger.UntilAsync("second", 200));
        var tokens = Ledger.Everything().Where(seen => seen.Consumer == "plain").Select(seen => seen.Token!).ToList();
        Assert.Equal(tokens.Order(), tokens);
        Assert.Equal(200, tokens.Distinct().Count());
    }

    [Fact]
    public async Task Namespaces_are_apart_and_every_subscriber_gets_every_event()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync(2));
        var other = Guid.NewGuid().ToString("n");
        for (var number = 0; number < 20; number++)
        {
            await cluster.Stream("plain", _key).OnNextAsync($"p{number}");
            await cluster.Stream("other", _key).OnNextAsync($"o{number}");
            await cluster.Stream("nobody", _key).OnNextAsync($"n{number}");
            await cluster.Stream("plain", other).OnNextAsync($"x{number}");
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"p{number}"), await Ledger.UntilAsync("plain", 20));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"o{number}"), await Ledger.UntilAsync("other", 20));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"p{number}"), await Ledger.UntilAsync("second", 20));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"x{number}"), await Ledger.Of(other).UntilAsync("plain", 20));
        // What nobody has subscribed to holds up nothing.
        await Ledger.UntilAsync(() => Math.Max(0, cluster.Committed(0)) + Math.Max(0, cluster.Committed(1)) == 80, () => $"committed {cluster.Committed(0)} and {cluster.Committed(1)} of 80\n{cluster.Log}");
        Assert.DoesNotContain(Ledger.Everything(), seen => seen.Item?[0] == 'n');
    }

    [Fact]
    public async Task A_batch_stays_together_and_single_events_come_by_the_list_as_far_as_they_are_there()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync(), configure: options => options.EventsPerDelivery = 10);
        var hold = new TaskCompletionSource();
        Ledger.Before = (_, item) =>
        {
            Ledger.Note($"called with {item}");
            return item == "first" ? hold.Task : Task.CompletedTask;
        };
        await cluster.Stream("batch", _key).OnNextAsync("first");
        await Ledger.UntilAsync(() => Ledger.Notes.Contains("called with first"), () => $"not called\n{cluster.Log}");
        await cluster.Stream("batch", _key).OnNextBatchAsync(["a", "b", "c"]);
        await cluster.Client.GetGrain<IProducer>(_key).SendAsync("batch", ["d", "e", "f", "g", "h", "i", "j", "k"], asBatch: true);
        foreach (var item in (string[])["1", "2", "3"]) await cluster.Stream("batch", _key).OnNextAsync(item);
        await Pause.OfAsync(500);
        hold.SetResult();

        // Three and eight would be more than ten; eight and two are not.
        Assert.Equal(["first", "a+b+c", "d+e+f+g+h+i+j+k+1+2", "3"], await Ledger.UntilAsync("batch", 4));
        await cluster.UntilCommittedAsync(6);
    }

    [Fact]
    public async Task A_batch_reaches_a_plain_observer_one_by_one()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        await cluster.Stream("plain", _key).OnNextBatchAsync(["a", "b", "c"]);

        Assert.Equal(["a", "b", "c"], await Ledger.UntilAsync("plain", 3));
        Assert.Equal([0, 1, 2], Ledger.Everything().Where(seen => seen.Consumer == "plain").Select(seen => seen.Token!.EventIndex));
        await cluster.UntilCommittedAsync(1);
    }

    [Fact]
    public async Task Empty_and_null_events_are_events_and_an_empty_batch_is_none()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        await cluster.Stream("plain", _key).OnNextAsync(null);
        await cluster.Stream("plain", _key).OnNextAsync("");
        await cluster.Stream("plain", _key).OnNextBatchAsync(["", null, "end"]);
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Stream("plain", _key).OnNextBatchAsync([]));

        Assert.Equal([null, "", "", null, "end"], await Ledger.UntilAsync("plain", 5));
    }

    [Fact]
    public async Task A_producer_cannot_end_a_stream_nor_name_tokens()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var stream = cluster.Stream("plain", _key);

        // Orleans' documentation: not implemented by persistent providers.
        await Assert.ThrowsAsync<NotImplementedException>(stream.OnCompletedAsync);
        await Assert.ThrowsAsync<NotImplementedException>(() => stream.OnErrorAsync(new InvalidOperationException()));
        await Assert.ThrowsAsync<ArgumentException>(() => stream.OnNextAsync("x", new Orleans.Providers.Streams.Common.EventSequenceTokenV2(1)));
    }

    [Fact]
    public async Task The_request_context_of_a_producer_comes_with_the_event()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        Ledger.Before = (_, item) =>
        {
            Ledger.Note($"{item}: {RequestContext.Get("user") ?? "nobody"}");
            return Task.CompletedTask;
        };
        RequestContext.Set("user", "ann");
        await cluster.Stream("plain", _key).OnNextAsync("hers");
        RequestContext.Clear();
        await cluster.Stream("plain", _key).OnNextAsync("nobody's");
        await Ledger.UntilAsync("plain", 2);

        Assert.Contains("hers: ann", Ledger.Notes);
        Assert.Contains("nobody's: nobody", Ledger.Notes);
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_refused_to_its_producer()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());

        var refused = await Assert.ThrowsAsync<SourceException>(() => cluster.Stream("plain", _key).OnNextAsync(new string('x', 2_000_000)));

        Assert.Contains("too large", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MaxRecordBytes", refused.Message, StringComparison.Ordinal);
        await cluster.Stream("plain", _key).OnNextAsync("small");
        Assert.Equal(["small"], await Ledger.UntilAsync("plain", 1));
    }
}
