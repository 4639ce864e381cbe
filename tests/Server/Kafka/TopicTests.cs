using Confluent.Kafka;
using Grains.Streams.Kafka;
using Grains.Testing;
using Xunit;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Grains.Tests.Server.Kafka;

/// <summary>What real topics are like.</summary>
public sealed class TopicTests(KafkaServer kafka)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Records_of_every_codec_are_read_in_order(CompressionType codec)
    {
        var topic = await kafka.NewTopicAsync(3);
        var expected = new Expected();
        using (var producer = Producer(config => config.CompressionType = codec))
        {
            for (var i = 0; i < 3000; i++) producer.Produce(new TopicPartition(topic, i % 3), Message(expected.Record($"key-{i % 21}", i, padding: i % 200)));
            producer.Flush(Limit);
        }

        Assert.Equal(expected.Tallies, await TallySilo.ReadOnceAsync(TallySilo.Options(kafka.Bootstrap, topic)));
    }

    [Fact]
    public async Task Records_of_one_megabyte_headers_keys_and_null_values_are_read()
    {
        var topic = await kafka.NewTopicAsync(1, new() { ["max.message.bytes"] = "3000000" });
        var expected = new Expected();
        using (var producer = Producer(config => config.MessageMaxBytes = 3_000_000))
        {
            for (var i = 0; i < 20; i++)
            {
                producer.Produce(topic, new Message<byte[]?, byte[]?> { Key = [1, 2], Value = expected.Record("large", i, padding: 1_000_000), Headers = new Headers { { "h", [1] } } });
                producer.Produce(topic, new Message<byte[]?, byte[]?> { Key = [1, 2], Value = null });
                producer.Produce(topic, new Message<byte[]?, byte[]?> { Value = [] });
            }

            producer.Flush(Limit);
        }

        var options = TallySilo.Options(kafka.Bootstrap, topic);
        options.MemoryBytes = 1 << 20;
        Assert.Equal(expected.Tallies, await TallySilo.ReadOnceAsync(options));
    }

    [Fact]
    public async Task Aborted_transactions_are_not_counted_and_committed_ones_are()
    {
        var topic = await kafka.NewTopicAsync(2);
        var expected = new Expected();
        using (var producer = Producer(config => config.TransactionalId = $"x-{topic}"))
        {
            producer.InitTransactions(Limit);
            for (var round = 0; round < 10; round++)
            {
                producer.BeginTransaction();
                for (var i = 0; i < 50; i++)
                {
                    var record = round % 3 == 1 ? Tally.Record("x", i) : expected.Record("x" + (i % 2), i);
                    producer.Produce(new TopicPartition(topic, i % 2), Message(record));
                }

                producer.Flush(Limit);
                if (round % 3 == 1) producer.AbortTransaction(Limit);
                else producer.CommitTransaction(Limit);
            }
        }

        // The last offsets are transactions' markers, which are never handed on: the end must be found all the same.
        Assert.Equal(expected.Tallies, await TallySilo.ReadOnceAsync(TallySilo.Options(kafka.Bootstrap, topic)));
    }

    [Fact]
    public async Task Gaps_of_a_compacted_topic_are_no_losses()
    {
        var topic = await kafka.NewTopicAsync(1, new() { ["cleanup.policy"] = "compact", ["segment.ms"] = "100", ["min.cleanable.dirty.ratio"] = "0.01", ["max.compaction.lag.ms"] = "100" });
        using var producer = Producer(_ => { });
        for (var i = 0; i < 200; i++) producer.Produce(topic, new Message<byte[]?, byte[]?> { Key = [(byte)(i % 3)], Value = Tally.Record($"k{i % 3}", i) });
        producer.Flush(Limit);
        await Pause.OfAsync(200);
        await producer.ProduceAsync(topic, new Message<byte[]?, byte[]?> { Key = [9], Value = Tally.Record("last", 1) });

        await using var silo = TallySilo.Start(TallySilo.Options(kafka.Bootstrap, topic));
        await silo.UntilAsync(() => TallySilo.Tallies(silo.Storage).ContainsKey("last"), "The last record");
        Assert.Equal(0, silo.Reader.Partitions.Single().Gone);
        Assert.False(silo.Log.Has(EventIds.RecordsGone));
    }

    [Fact]
    public async Task A_gap_that_retention_left_while_nobody_read_is_counted_and_reading_goes_on()
    {
        var topic = await kafka.NewTopicAsync();
        var expected = new Expected();
        var storage = new MemorySnapshots();
        using var producer = Producer(_ => { });
        for (var i = 0; i < 10; i++) producer.Produce(topic, Message(expected.Record("k", i)));
        producer.Flush(Limit);
        await TallySilo.ReadOnceAsync(TallySilo.Options(kafka.Bootstrap, topic), storage);

        for (var i = 10; i < 30; i++) producer.Produce(topic, Message(i < 25 ? Tally.Record("k", i) : expected.Record("k", i)));
        producer.Flush(Limit);
        await DeleteBelowAsync(topic, 25);

        await using var silo = TallySilo.Start(TallySilo.Options(kafka.Bootstrap, topic), storage);
        await silo.UntilAsync(() => TallySilo.Tallies(storage)["k"] == expected.Tallies["k"], expected.Tallies["k"]);
        Assert.Equal(15, silo.Reader.Partitions.Single().Gone);
        Assert.True(silo.Log.Has(EventIds.RecordsGone));
    }

    [Fact]
    public async Task A_gap_that_retention_makes_under_a_reader_is_counted_and_reading_goes_on()
    {
        var topic = await kafka.NewTopicAsync();
        var expected = new Expected();
        using var producer = Producer(_ => { });
        var options = TallySilo.Options(kafka.Bootstrap, topic);
        options.MemoryBytes = 1 << 20;
        var storage = new MemorySnapshots { ReadsFail = true };
        for (var i = 0; i < 20_000; i++) producer.Produce(topic, Message(Tally.Record("k", i, padding: 500)));
        producer.Flush(Limit);

        await using var silo = TallySilo.Start(options, storage);
        // The storage is away: the reader passes over what it reads, to go back for it, and that goes meanwhile.
        await silo.UntilAsync(() => silo.Reader.Partitions is [{ Position: > 0 }], "The first poll");
        await DeleteBelowAsync(topic, 19_990);
        storage.ReadsFail = false;
        await silo.UntilAsync(() => silo.Reader.Partitions is [{ Durable: 20_000 }], "The end");

        var status = silo.Reader.Partitions.Single();
        var tally = TallySilo.Tallies(storage)["k"];
        Assert.True(status.Gone > 0);
        Assert.StartsWith($"{20_000 - status.Gone} events", tally, StringComparison.Ordinal);
        Assert.True(silo.Log.Has(EventIds.RecordsGone));
    }

    [Fact]
    public async Task A_topic_deleted_and_made_again_is_another_source_read_from_its_beginning()
    {
        var topic = await kafka.NewTopicAsync();
        var expected = new Expected();
        using var producer = Producer(_ => { });
        await using var silo = TallySilo.Start(TallySilo.Options(kafka.Bootstrap, topic));
        for (var i = 0; i < 100; i++) producer.Produce(topic, Message(expected.Record("k", i)));
        producer.Flush(Limit);
        await silo.UntilAsync(() => TallySilo.Tallies(silo.Storage).GetValueOrDefault("k") == expected.Tallies["k"], expected.Tallies["k"]);
        Assert.Matches("^kafka:[0-9a-f]{32}/0$", silo.Engine.Runs.Single().Partition.ToString());

        using (var admin = kafka.Admin()) await admin.DeleteTopicsAsync([topic]);
        await kafka.CreateAsync(topic, 1);
        using var again = Producer(_ => { });
        for (var i = 0; i < 10; i++) again.Produce(topic, Message(expected.Record("k", 1000 + i)));
        again.Flush(Limit);

        await silo.UntilAsync(() => TallySilo.Tallies(silo.Storage)["k"] == expected.Tallies["k"], expected.Tallies["k"]);
    }

    [Fact]
    public async Task Partitions_added_while_reading_are_read()
    {
        var topic = await kafka.NewTopicAsync(1);
        var expected = new Expected();
        using var producer = Producer(_ => { });
        await using var silo = TallySilo.Start(TallySilo.Options(kafka.Bootstrap, topic));
        await producer.ProduceAsync(new TopicPartition(topic, 0), Message(expected.Record("p0", 1)));
        await silo.UntilAsync(() => silo.Reader.Partitions.Count == 1, "The first partition");
        using (var admin = kafka.Admin()) await admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 4 }]);
        using var later = Producer(_ => { });
        for (var i = 0; i < 4; i++) await SendAsync(later, new TopicPartition(topic, i), expected.Record($"p{i}", 2));

        await silo.UntilAsync(() => TallySilo.Tallies(silo.Storage).OrderBy(pair => pair.Key).SequenceEqual(expected.Tallies.OrderBy(pair => pair.Key)), "All four");
    }

    [Fact]
    public async Task A_refused_record_goes_to_the_dead_letters_with_its_origin_and_holds_nothing_up()
    {
        var topic = await kafka.NewTopicAsync();
        var expected = new Expected();
        using var producer = Producer(_ => { });
        await producer.ProduceAsync(topic, Message(expected.Record("k", 1)));
        await producer.ProduceAsync(topic, Message("no number here"u8.ToArray()));
        await producer.ProduceAsync(topic, Message(expected.Record("k", 2)));
        var options = TallySilo.Options(kafka.Bootstrap, topic);
        options.DeadLetterTopic = topic + ".refused";
        Assert.Equal(expected.Tallies, await TallySilo.ReadOnceAsync(options));

        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = "x", AutoOffsetReset = AutoOffsetReset.Earliest }).Build();
        consumer.Assign(new TopicPartitionOffset(options.DeadLetterTopic, 0, 0));
        var letter = consumer.Consume(Limit);
        Assert.Equal("no number here", letter.Message.Value);
        var headers = letter.Message.Headers.ToDictionary(header => header.Key, header => System.Text.Encoding.UTF8.GetString(header.GetValueBytes()));
        Assert.Equal((topic, "0", "1", "no_number"), (headers["grains.topic"], headers["grains.partition"], headers["grains.position"], headers["grains.reason"]));
        Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task A_run_once_ends_at_the_end_that_was_there_when_it_began_and_the_next_goes_on_from_it()
    {
        var topic = await kafka.NewTopicAsync(4);
        var expected = new Expected();
        var storage = new MemorySnapshots();
        for (var round = 0; round < 3; round++)
        {
            using var producer = Producer(_ => { });
            // Partition 3 stays empty.
            for (var i = 0; i < 30; i++) producer.Produce(new TopicPartition(topic, i % 3), Message(expected.Record($"k{i % 3}", i)));
            producer.Flush(Limit);
            Assert.Equal(expected.Tallies, await TallySilo.ReadOnceAsync(TallySilo.Options(kafka.Bootstrap, topic), storage));
        }

        using var admin = kafka.Admin();
        var offsets = await admin.ListConsumerGroupOffsetsAsync([new(TallySilo.Options("", topic).Group, null)]);
        Assert.Equal([30L, 30, 30], offsets[0].Partitions.OrderBy(partition => partition.Partition.Value).Where(partition => partition.Partition < 3).Select(partition => partition.Offset.Value));
    }

    internal static Message<byte[]?, byte[]?> Message(byte[] record) => new() { Value = record };

    private IProducer<byte[]?, byte[]?> Producer(Action<ProducerConfig> configure)
    {
        var config = new ProducerConfig { BootstrapServers = kafka.Bootstrap, LingerMs = 1 };
        configure(config);
        return new ProducerBuilder<byte[]?, byte[]?>(config).Build();
    }

    // A broker may not have made a new partition its own yet.
    private static async Task SendAsync(IProducer<byte[]?, byte[]?> producer, TopicPartition partition, byte[] record)
    {
        while (true)
        {
            try
            {
                await producer.ProduceAsync(partition, Message(record));
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> failure) when (failure.Error.Code is ErrorCode.Local_UnknownPartition or ErrorCode.UnknownTopicOrPart)
            {
                await Pause.OfAsync(50);
            }
        }
    }

    private async Task DeleteBelowAsync(string topic, long offset)
    {
        using var admin = kafka.Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, offset)]);
    }
}
