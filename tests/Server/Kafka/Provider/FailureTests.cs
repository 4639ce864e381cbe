using System.Text;
using Confluent.Kafka;
using Grains.Streams.Kafka;
using Xunit;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Consumers that fail, records that nobody understands, silos that die: nothing is lost.</summary>
public sealed class FailureTests(KafkaServer kafka)
{
    private readonly string _key = Guid.NewGuid().ToString("n");

    private Ledger Ledger => Ledger.Of(_key);

    [Fact]
    public async Task A_consumer_that_throws_gets_the_event_again_and_later_ones_wait()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var left = 5;
        Ledger.Before = (consumer, item) => consumer == "plain" && item == "b" && Interlocked.Decrement(ref left) >= 0 ? throw new InvalidOperationException("not now") : Task.CompletedTask;
        foreach (var item in (string[])["a", "b", "c"]) await cluster.Stream("plain", _key).OnNextAsync(item);

        Assert.Equal(["a", "b", "c"], await Ledger.UntilAsync("plain", 3));
        Assert.True(left < 0);
        await cluster.UntilCommittedAsync(3);
    }

    [Fact]
    public async Task While_a_consumer_fails_its_event_is_not_committed_and_other_streams_go_on()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var fails = true;
        Ledger.Before = (consumer, _) => consumer == "plain" && Volatile.Read(ref fails) ? throw new InvalidOperationException("not now") : Task.CompletedTask;
        var other = _key + "x";
        await cluster.Stream("plain", other).OnNextAsync("0");
        await cluster.Stream("plain", _key).OnNextAsync("a");
        for (var number = 1; number < 50; number++) await cluster.Stream("plain", other).OnNextAsync($"{number}");

        await Ledger.Of(other).UntilAsync("plain", 50);
        await Ledger.Of(other).UntilAsync("second", 50);
        await Pause.OfAsync(500);
        Assert.Equal(1, cluster.Committed());

        Volatile.Write(ref fails, false);
        Assert.Equal(["a"], await Ledger.UntilAsync("plain", 1));
        await cluster.UntilCommittedAsync(51);
        Assert.Equal(50, Ledger.Of(other).By("plain").Count);
    }

    [Fact]
    public async Task A_consumer_that_always_throws_has_its_event_put_into_the_dead_letters_after_the_limit()
    {
        var topic = await kafka.NewTopicAsync();
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic, configure: options =>
        {
            options.DeliveryLimit = TimeSpan.FromMilliseconds(600);
            options.EventsPerDelivery = 10;
            options.Kafka.DeadLetterTopic = topic + ".dead";
        });
        var attempts = 0;
        Ledger.Before = (consumer, item) =>
        {
            if (consumer != "plain" || item != "poison") return Task.CompletedTask;

            Interlocked.Increment(ref attempts);
            throw new InvalidOperationException("never");
        };
        foreach (var item in (string[])["a", "poison", "b"]) await cluster.Stream("plain", _key).OnNextAsync(item);

        await Ledger.UntilAsync(() => Ledger.By("plain").Contains("b"), () => $"saw {string.Join(' ', Ledger.By("plain"))}\n{cluster.Log}");
        Assert.DoesNotContain("poison", Ledger.By("plain"));
        Assert.Contains("poison", Ledger.By("second"));
        Assert.True(attempts > 3, $"{attempts} attempts");
        Assert.Contains("error StreamEventDeliveryFailureException", Ledger.Notes);
        await cluster.UntilCommittedAsync(3);
        var letter = Assert.Single(Read(topic + ".dead", 1));
        Assert.Equal("1", Header(letter, "grains.position"));
        Assert.StartsWith("undeliverable: a consumer of plain/", Header(letter, "grains.reason"), StringComparison.Ordinal);
        Assert.Equal(1, cluster.Log.Count(1469));
    }

    [Fact]
    public async Task Foreign_records_are_decoded_and_what_nobody_understands_goes_to_the_dead_letters()
    {
        var topic = await kafka.NewTopicAsync();
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic, configure: options =>
        {
            options.Decoder = new Words();
            options.Kafka.DeadLetterTopic = topic + ".dead";
        });
        using (var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = kafka.Bootstrap }).Build())
        {
            foreach (var value in (string?[])["one", "poison", "skip", null, "throw", "", "two"]) await producer.ProduceAsync(topic, new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(_key), Value = value is null ? null : Encoding.UTF8.GetBytes(value) });
        }

        await cluster.Stream("plain", _key).OnNextAsync("own");

        Assert.Equal(["one", null, "", "two", "own"], await Ledger.UntilAsync("plain", 5));
        await cluster.UntilCommittedAsync(8);
        var letters = Read(topic + ".dead", 2);
        Assert.Equal([("1", "poisoned", "poison"), ("4", "decoder: FormatException: thrown", "throw")], letters.Select(letter => (Header(letter, "grains.position"), Header(letter, "grains.reason"), Encoding.UTF8.GetString(letter.Message.Value))));
    }

    [Fact]
    public async Task A_grain_that_is_deactivated_in_the_middle_loses_nothing_and_doubles_nothing()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync(), silos: 2);
        var sent = Enumerable.Range(0, 120).Select(number => $"{number}").ToArray();
        var grain = cluster.Client.GetGrain<ISavingConsumer>(_key);
        for (var number = 0; number < 120; number++)
        {
            await cluster.Stream("saving", _key).OnNextAsync(sent[number]);
            if (number % 40 == 20) await grain.LeaveAsync();
        }

        await Ledger.UntilAsync(() => Items().Length >= 120, () => string.Join(' ', Items()));
        Assert.Equal(sent, Items());
    }

    [Fact]
    public async Task What_fails_after_the_state_was_saved_with_its_token_counts_once()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var failures = 0;
        Ledger.Before = (_, item) => int.Parse(item!, System.Globalization.CultureInfo.InvariantCulture) % 10 == 3 ? throw new InvalidOperationException($"{Interlocked.Increment(ref failures)}") : Task.CompletedTask;
        var sent = Enumerable.Range(0, 40).Select(number => $"{number}").ToArray();
        // In batches, so that tokens in the middle of a record are saved.
        foreach (var batch in sent.Chunk(4)) await cluster.Stream("saving", _key).OnNextBatchAsync(batch);

        await Ledger.UntilAsync(() => Items().Length >= 40, () => $"{string.Join(' ', Items())}\n{cluster.Log}");
        Assert.Equal(sent, Items());
        Assert.True(failures >= 4, $"{failures} failures");
    }

    [Fact]
    public async Task A_grain_that_saves_later_gets_again_what_it_had_not_saved()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync());
        var grain = cluster.Client.GetGrain<ILateConsumer>(_key);
        foreach (var item in (string[])["a", "b"]) await cluster.Stream("late", _key).OnNextAsync(item);
        await Ledger.UntilAsync("late", 2);
        await grain.SaveAsync();
        foreach (var item in (string[])["c", "d"]) await cluster.Stream("late", _key).OnNextAsync(item);
        await Ledger.UntilAsync("late", 4);
        await cluster.UntilCommittedAsync(4);
        await cluster.Cluster.DeactivateAsync(grain);
        Assert.Equal("a b ", await grain.AskAsync());

        await cluster.Stream("late", _key).OnNextAsync("e");

        Assert.Equal(["a", "b", "c", "d", "c", "d", "e"], await Ledger.UntilAsync("late", 7));
        Assert.Equal("a b c d e ", await grain.AskAsync());
    }

    [Fact]
    public async Task Killed_silos_lose_nothing_and_another_delivers_from_what_was_committed()
    {
        var topic = await kafka.NewTopicAsync(4);
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic, silos: 3, streams: ImplicitOnly);
        const int Streams = 12;
        const int Events = 60;
        for (var number = 0; number < Events; number++)
        {
            for (var stream = 0; stream < Streams; stream++) await cluster.Stream("saving", $"{_key}{stream}").OnNextAsync($"{number}");
            if (number is 20 or 40) await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[^1]);
        }

        for (var stream = 0; stream < Streams; stream++)
        {
            var key = $"{_key}{stream}";
            await Ledger.UntilAsync(() => Items(key).Length >= Events, () => $"{key}: {string.Join(' ', Items(key))}\n{cluster.Log}");
            Assert.Equal(Enumerable.Range(0, Events).Select(number => $"{number}"), Items(key));
        }
    }

    [Fact]
    public async Task A_cluster_that_was_killed_is_followed_by_one_that_delivers_the_rest()
    {
        var topic = await kafka.NewTopicAsync();
        var sent = Enumerable.Range(0, 50).Select(number => $"{number}").ToArray();
        await using (var first = await StreamCluster.StartAsync(kafka.Bootstrap, topic, streams: ImplicitOnly))
        {
            Ledger.Before = (_, item) => item == "20" ? new TaskCompletionSource().Task : Task.CompletedTask;
            foreach (var item in sent) await first.Stream("plain", _key).OnNextAsync(item);
            await Ledger.UntilAsync("plain", 20);
            await Ledger.UntilAsync("second", 20);
            await first.Cluster.KillSiloAsync(first.Cluster.Silos[0]);
        }

        Ledger.Before = (_, _) => Task.CompletedTask;
        await using var second = await StreamCluster.StartAsync(kafka.Bootstrap, topic, streams: ImplicitOnly);

        await Ledger.UntilAsync(() => Ledger.By("plain").Contains("49"), () => $"{string.Join(' ', Ledger.By("plain"))}\n{second.Log}");
        Assert.Equal(sent, Ledger.By("plain").Distinct());
        await second.UntilCommittedAsync(50);
    }

    [Fact]
    public async Task A_silo_that_stops_in_good_order_commits_what_was_delivered_and_not_what_waits()
    {
        var topic = await kafka.NewTopicAsync();
        var sent = Enumerable.Range(0, 60).Select(number => $"{number}").ToArray();
        await using (var first = await StreamCluster.StartAsync(kafka.Bootstrap, topic, streams: ImplicitOnly))
        {
            Ledger.Before = (_, _) => Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
            await first.Stream("plain", _key).OnNextBatchAsync(["first"]);
            await Task.WhenAll(sent.Select(item => first.Stream("plain", _key).OnNextAsync(item)));
            await Ledger.UntilAsync("plain", 10);
            await first.Cluster.StopAllSilosAsync();
        }

        var before = Ledger.By("plain").Count;
        Assert.InRange(before, 10, 60);
        Ledger.Before = (_, _) => Task.CompletedTask;
        await using var second = await StreamCluster.StartAsync(kafka.Bootstrap, topic, streams: ImplicitOnly);

        foreach (var consumer in (string[])["plain", "second"])
        {
            await Ledger.UntilAsync(() => Ledger.By(consumer).Contains("59"), () => $"{consumer}: {string.Join(' ', Ledger.By(consumer))}\n{second.Log}");
            Assert.Equal(["first", .. sent], Ledger.By(consumer).Distinct());
            // Two consumers of one stream may stand one event apart, and the slower one decides.
            Assert.InRange(Ledger.By(consumer).Count, 61, 63);
        }

        await second.UntilCommittedAsync(61);
    }

    [Fact]
    public async Task Behind_a_consumer_that_hangs_only_so_much_is_read()
    {
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, await kafka.NewTopicAsync(), configure: options =>
        {
            options.CacheRecords = 64;
            options.Kafka.MemoryBytes = 1 << 20;
        });
        var hold = new TaskCompletionSource();
        Ledger.Before = (_, _) => hold.Task;
        await cluster.Stream("plain", _key).OnNextAsync("hangs");
        var other = _key + "x";
        var padding = new string('x', 1000);
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(number => cluster.Stream("plain", other).OnNextAsync($"{number} {padding}")));
        await Ledger.Of(other).UntilAsync("second", 63);
        await Pause.OfAsync(1000);

        Assert.Equal(63, Ledger.Of(other).By("second").Count);
        Assert.Equal(-1, cluster.Committed());
        hold.SetResult();
        await Ledger.Of(other).UntilAsync("second", 3000);
        await cluster.UntilCommittedAsync(3001);
    }

    private static void ImplicitOnly(ISiloPersistentStreamConfigurator streams) => streams.ConfigureStreamPubSub(Orleans.Streams.StreamPubSubType.ImplicitOnly);

    private static string Header(ConsumeResult<byte[], byte[]> letter, string name) => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));

    private string[] Items() => Items(_key);

    private static string[] Items(string key) => Ledger.Of(key).Saved.TryGetValue("saving", out var saved) ? ((Kept)saved).Items.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    private List<ConsumeResult<byte[], byte[]>> Read(string topic, int records)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = "reader", EnableAutoCommit = false }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        var read = new List<ConsumeResult<byte[], byte[]>>();
        while (consumer.Consume(TimeSpan.FromSeconds(read.Count < records ? 20 : 0.5)) is { } result) read.Add(result);
        return read;
    }

    /// <summary>The value is the event, unless it says otherwise.</summary>
    private sealed class Words : IKafkaRecordDecoder
    {
        public KafkaDecoded Decode(in KafkaRecord record)
        {
            var word = record.HasValue ? Encoding.UTF8.GetString(record.Value) : null;
            return word switch
            {
                "poison" => KafkaDecoded.Refused("poisoned"),
                "skip" => KafkaDecoded.Skipped,
                "throw" => throw new FormatException("thrown"),
                _ => KafkaDecoded.Event(StreamId.Create("plain"u8, record.Key), word),
            };
        }
    }
}
