using System.Text;
using Confluent.Kafka;
using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Provider;
using Xunit;
using EventIds = Grains.Streams.Kafka.EventIds;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>A topic that gets more partitions, or is deleted and made again, while silos run.</summary>
public sealed class TopicChangeTests(KafkaServer kafka)
{
    private readonly string _key = Guid.NewGuid().ToString("n");

    private Ledger Ledger => Ledger.Of(_key);

    [Fact]
    public async Task Partitions_added_while_silos_run_are_delivered_from_their_beginning_without_a_restart()
    {
        var topic = await kafka.NewTopicAsync(1);
        string[] keys = [.. Enumerable.Range(0, 4).Select(partition => $"{_key}{partition}")];
        await using (var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic, silos: 2, configure: options =>
        {
            Watchful(options);
            // Even so: what is added later has nothing that was there before.
            options.Kafka.StartAt = KafkaStart.End;
        }))
        {
            await Ledger.UntilAsync(() => cluster.Log.Count(EventIds.StreamsStarted) == 1, () => $"not started\n{cluster.Log}");
            await cluster.Stream("plain", keys[0]).OnNextAsync("0");
            await AddPartitionsAsync(topic, 4);
            for (var partition = 1; partition < 4; partition++) await WriteAsync(topic, partition, keys[partition], 0, 10);
            for (var number = 1; number < 10; number++) await cluster.Stream("plain", keys[0]).OnNextAsync($"{number}");

            foreach (var key in keys) Assert.Equal(Numbers(0, 10), await Ledger.Of(key).UntilAsync("plain", 10));
            Assert.Equal(2, cluster.Log.Count(EventIds.StreamsPartitionsAdded));
            Assert.Equal(4, cluster.Log.Count(EventIds.StreamsStarted));
            for (var partition = 0; partition < 4; partition++) await cluster.UntilCommittedAsync(10, partition);
        }

        await using var next = await StreamCluster.StartAsync(kafka.Bootstrap, topic, configure: Watchful);
        for (var partition = 0; partition < 4; partition++) await WriteAsync(topic, partition, keys[partition], 10, 1);
        foreach (var key in keys) Assert.Equal(Numbers(0, 11), await Ledger.Of(key).UntilAsync("plain", 11));
    }

    [Fact]
    public async Task Of_a_stream_in_an_old_partition_and_in_an_added_one_nothing_is_lost()
    {
        var topic = await kafka.NewTopicAsync(1);
        await using var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic, configure: Watchful);
        await cluster.Stream("plain", _key).OnNextAsync("0");
        await Ledger.UntilAsync("plain", 1);
        await AddPartitionsAsync(topic, 2);
        for (var number = 1; number < 60; number++) await WriteAsync(topic, number % 2, _key, number, 1);

        await Ledger.UntilAsync(() => Ledger.By("plain").Distinct().Count() == 60 && Ledger.By("second").Distinct().Count() == 60, () => $"{string.Join(' ', Ledger.By("plain"))}\n{cluster.Log}");
        await cluster.UntilCommittedAsync(30, 0);
        await cluster.UntilCommittedAsync(30, 1);
    }

    [Fact]
    public async Task A_topic_made_again_is_delivered_from_its_beginning_and_old_positions_and_tokens_are_not_applied_to_it()
    {
        var topic = await kafka.NewTopicAsync(2);
        var partition = Murmur2.PartitionOf(Encoding.UTF8.GetBytes(_key), 2);
        await using (var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic, silos: 2, configure: Watchful))
        {
            foreach (var item in Numbers(0, 20)) await cluster.Stream("saving", _key).OnNextAsync(item);
            await UntilSavedAsync(20, cluster);
            await cluster.UntilCommittedAsync(20, partition);

            using (var admin = kafka.Admin()) await admin.DeleteTopicsAsync([topic]);
            await kafka.CreateAsync(topic, 2);
            // Fewer than the old one had: nobody can take them for its later ones.
            await WriteAsync(topic, partition, _key, 20, 10, "saving");
            await Ledger.UntilAsync(() => cluster.Log.Count(EventIds.StreamsTopicReplaced) >= 2, () => $"not noticed\n{cluster.Log}");
            await WriteAsync(topic, partition, _key, 30, 30, "saving");

            Assert.Equal(Numbers(0, 60), await UntilSavedAsync(60, cluster));
            await cluster.UntilCommittedAsync(40, partition);
            Assert.True(cluster.Log.Has(EventIds.StreamsForeignToken));
            foreach (var item in Numbers(60, 5)) await cluster.Stream("saving", _key).OnNextAsync(item);
            Assert.Equal(Numbers(0, 65), await UntilSavedAsync(65, cluster));
            await cluster.UntilCommittedAsync(45, partition);
        }

        await using var next = await StreamCluster.StartAsync(kafka.Bootstrap, topic, configure: Watchful);
        await next.Stream("saving", _key).OnNextAsync("65");
        Assert.Equal(Numbers(0, 66), await UntilSavedAsync(66, next));
        Assert.Equal(66, Ledger.By("saving").Count);
    }

    [Fact]
    public async Task A_consumer_whose_stream_has_moved_to_another_partition_gets_all_of_it_whatever_its_token_says()
    {
        var topic = await kafka.NewTopicAsync(1);
        var key = Enumerable.Range(0, 100).Select(number => $"{_key}{number}").First(key => Murmur2.PartitionOf(Encoding.UTF8.GetBytes(key), 2) == 1);
        await using (var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic))
        {
            foreach (var item in Numbers(0, 20)) await cluster.Stream("saving", key).OnNextAsync(item);
            await UntilSavedAsync(20, cluster, key);
            await cluster.UntilCommittedAsync(20);
        }

        await AddPartitionsAsync(topic, 2);
        // The token is one that the other partition has too.
        await WriteAsync(topic, 1, key, 20, 40, "saving");
        await using var next = await StreamCluster.StartAsync(kafka.Bootstrap, topic, configure: Watchful);

        Assert.Equal(Numbers(0, 60), await UntilSavedAsync(60, next, key));
        await next.Stream("saving", key).OnNextAsync("60");
        Assert.Equal(Numbers(0, 61), await UntilSavedAsync(61, next, key));
    }

    private static void Watchful(KafkaProviderOptions options)
    {
        options.Kafka.TopicCheckInterval = TimeSpan.FromMilliseconds(200);
        options.Decoder = new Texts();
    }

    private static string[] Numbers(int first, int count) => [.. Enumerable.Range(first, count).Select(number => $"{number}")];

    private async Task AddPartitionsAsync(string topic, int partitions)
    {
        using var admin = kafka.Admin();
        await admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = partitions }]);
        while (admin.GetMetadata(topic, TimeSpan.FromSeconds(5)).Topics[0].Partitions.Count(partition => partition.Leader >= 0) < partitions) await Pause.OfAsync(50);
    }

    /// <summary>Writes numbers into a partition as somebody else's producer does.</summary>
    private async Task WriteAsync(string topic, int partition, string key, int first, int count, string streamNamespace = "plain")
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.Bootstrap }).Build();
        foreach (var number in Numbers(first, count)) await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes($"{streamNamespace} {number}") });
    }

    private async Task<string[]> UntilSavedAsync(int events, StreamCluster cluster, string? key = null)
    {
        await Ledger.UntilAsync(() => Saved(key ?? _key).Length >= events, () => $"{string.Join(' ', Saved(key ?? _key))}\n{cluster.Log}");
        return Saved(key ?? _key);
    }

    private static string[] Saved(string key) => Ledger.Of(key).Saved.TryGetValue("saving", out var saved) ? ((Kept)saved).Items.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>A value is a namespace and an event.</summary>
    private sealed class Texts : IKafkaRecordDecoder
    {
        public KafkaDecoded Decode(in KafkaRecord record)
        {
            var words = Encoding.UTF8.GetString(record.Value).Split(' ');
            return KafkaDecoded.Event(StreamId.Create(Encoding.UTF8.GetBytes(words[0]), record.Key), words[1]);
        }
    }
}
