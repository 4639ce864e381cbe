using Grains.Streams.Kafka;
using Xunit;

namespace Grains.Tests.Unit.Kafka;

public sealed class ClientSettingsTests
{
    [Fact]
    public void Nothing_is_committed_stored_skipped_or_taken_unchecked_behind_the_readers_back()
    {
        var config = ClientSettings.Consumer(KafkaStreamOptionsTests.Sound(), classic: false, partitions: 8).ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal("False", config["enable.auto.commit"]);
        Assert.Equal("False", config["enable.auto.offset.store"]);
        Assert.Equal("error", config["auto.offset.reset"]);
        Assert.Equal("True", config["check.crcs"]);
        Assert.Equal("read_committed", config["isolation.level"]);
        Assert.Equal("5", config["fetch.queue.backoff.ms"]);
        Assert.Equal("consumer", config["group.protocol"]);
        // librdkafka refuses these where the brokers assign.
        Assert.DoesNotContain("session.timeout.ms", config.Keys);
        Assert.DoesNotContain("partition.assignment.strategy", config.Keys);
    }

    [Theory]
    [InlineData(64L << 20, 1, 32_768, 1 << 20, 100_000)]
    [InlineData(64L << 20, 8, 4096, 1 << 20, 16_384)]
    [InlineData(64L << 20, 64, 512, 128 << 10, 2048)]
    [InlineData(1L << 20, 1000, 64, 64 << 10, 500)]
    public void The_memory_of_a_silo_is_divided_among_the_partitions_of_the_topic(long memory, int partitions, int queueKib, int fetchBytes, int messages)
    {
        var options = KafkaStreamOptionsTests.Sound();
        options.MemoryBytes = memory;
        var config = ClientSettings.Consumer(options, classic: true, partitions);
        Assert.Equal((queueKib, fetchBytes, messages), (config.QueuedMaxMessagesKbytes, config.MaxPartitionFetchBytes, config.QueuedMinMessages));
    }

    [Fact]
    public void A_name_keeps_partitions_across_a_restart_but_not_for_a_run_once()
    {
        var options = KafkaStreamOptionsTests.Sound();
        options.InstanceId = "silo-3";
        Assert.Equal("silo-3", ClientSettings.Consumer(options, classic: true, 1).GroupInstanceId);
        options.Once = true;
        Assert.Null(ClientSettings.Consumer(options, classic: true, 1).GroupInstanceId);
    }

    [Fact]
    public void Security_reaches_every_client()
    {
        var options = KafkaStreamOptionsTests.Sound();
        options.Security = new KafkaSecurityOptions { Transport = KafkaTransport.SaslTls, Mechanism = KafkaSaslMechanism.ScramSha256, UserName = "u", Password = "p" };
        foreach (var config in new IEnumerable<KeyValuePair<string, string>>[] { ClientSettings.Consumer(options, true, 1), ClientSettings.Producer(options), ClientSettings.Admin(options) })
        {
            var settings = config.ToDictionary(pair => pair.Key, pair => pair.Value);
            Assert.Equal(("sasl_ssl", "SCRAM-SHA-256", "u", "p"), (settings["security.protocol"], settings["sasl.mechanism"], settings["sasl.username"], settings["sasl.password"]));
        }
    }
}
