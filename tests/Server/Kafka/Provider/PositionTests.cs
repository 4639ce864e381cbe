using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Xunit;
using EventIds = Grains.Streams.Kafka.EventIds;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Positions that are not what the silo left: overtaken by retention, set back by one that is only thought dead; and brokers that come after the silo.</summary>
public sealed class PositionTests(KafkaServer kafka)
{
    private readonly string _key = Guid.NewGuid().ToString("n");

    private Ledger Ledger => Ledger.Of(_key);

    [Fact]
    public async Task Records_that_retention_took_before_they_were_delivered_are_counted_and_told_and_delivery_goes_on_after_them()
    {
        var topic = await kafka.NewTopicAsync();
        using var gone = new GoneRecords(topic);
        await using (var first = await StreamCluster.StartAsync(kafka.Bootstrap, topic))
        {
            await SendAsync(first, 0, 10);
            await Ledger.UntilAsync("plain", 10);
            await first.UntilCommittedAsync(10);
            // Nobody takes what comes now.
            Ledger.Before = static (_, _) => throw new InvalidOperationException("not now");
            await SendAsync(first, 10, 20);
            Assert.False(first.Log.Has(EventIds.StreamsGone));
        }

        using (var admin = kafka.Admin()) await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 25)]);
        Ledger.Before = static (_, _) => Task.CompletedTask;
        await using var next = await StreamCluster.StartAsync(kafka.Bootstrap, topic);

        Assert.Equal([.. Numbers(0, 10), .. Numbers(25, 5)], await Ledger.UntilAsync("plain", 15));
        await next.UntilCommittedAsync(30);
        Assert.Equal((1, 15L), (next.Log.Count(EventIds.StreamsGone), gone.Count));
        Assert.Contains("has lost 15 offsets before they were delivered: its retention is too short. Delivery goes on at 25.", next.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_position_that_a_silo_thought_dead_sets_back_late_is_set_right_by_the_next_and_what_comes_again_counts_once()
    {
        var topic = await kafka.NewTopicAsync();
        await using (var cluster = await StreamCluster.StartAsync(kafka.Bootstrap, topic))
        {
            await SendAsync(cluster, 0, 10, "saving");
            await cluster.UntilCommittedAsync(10);
            CommitLate(topic, 4);
            Assert.Equal(4, cluster.Committed());
            // The owner goes by what it knows, and not by what another says.
            await SendAsync(cluster, 10, 1, "saving");
            await cluster.UntilCommittedAsync(11);
            CommitLate(topic, 4);
        }

        Assert.Equal(Numbers(0, 11), Ledger.By("saving"));
        await using var next = await StreamCluster.StartAsync(kafka.Bootstrap, topic);
        await next.UntilCommittedAsync(11);
        await SendAsync(next, 11, 1, "saving");
        Assert.Equal(Numbers(0, 12), await Ledger.UntilAsync("saving", 12));
        await next.UntilCommittedAsync(12);
    }

    [Fact]
    public async Task A_silo_waits_for_brokers_that_come_after_it()
    {
        await using var brokers = await OwnBrokers.StartAsync(kafka.Script, "--port", "29692");
        await brokers.TopicAsync("late", 2, 1);
        await brokers.DoAsync("kill", 1);

        var log = new TestLog();
        var starting = StreamCluster.StartAsync(brokers.Bootstrap, "late", log: log);
        await Ledger.UntilAsync(() => log.Has(EventIds.StreamsTopicWaits), () => $"no word that the topic is waited for\n{log}");
        Assert.False(starting.IsCompleted);
        await brokers.DoAsync("revive", 1);

        await using var cluster = await starting;
        Assert.Equal(1, log.Count(EventIds.StreamsTopicWaits));
        await SendAsync(cluster, 0, 10);
        Assert.Equal(Numbers(0, 10), await Ledger.UntilAsync("plain", 10));
    }

    private static string[] Numbers(int first, int count) => [.. Enumerable.Range(first, count).Select(number => $"{number}")];

    private async Task SendAsync(StreamCluster cluster, int first, int count, string streamNamespace = "plain")
    {
        foreach (var item in Numbers(first, count)) await cluster.Stream(streamNamespace, _key).OnNextAsync(item);
    }

    // As a silo does: for the group, and not as a member of it.
    private void CommitLate(string topic, long position)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = topic }).Build();
        consumer.Commit([new TopicPartitionOffset(topic, 0, position)]);
    }

    /// <summary>What the alarm is on: <c>grains.kafka.gone_records</c> of one topic.</summary>
    private sealed class GoneRecords : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public GoneRecords(string topic)
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "grains.kafka.gone_records") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, records, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag is { Key: "messaging.destination.name", Value: string name } && name == topic) Interlocked.Add(ref _count, records);
                }
            });
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
