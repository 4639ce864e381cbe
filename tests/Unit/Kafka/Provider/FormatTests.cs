using System.Text;
using Confluent.Kafka;
using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Provider;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit;

namespace Grains.Tests.Unit.Kafka.Provider;

public sealed class FormatTests
{
    private static readonly Serializer Serializer = CacheUnderTest.Format.Serializer;

    // Of Kafka's own tests.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Keys_are_hashed_as_kafkas_own_clients_do(string key, int hash) => Assert.Equal(hash, (int)Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1000)]
    public void There_is_one_queue_a_partition_and_a_stream_is_in_the_queue_of_its_partition(int partitions)
    {
        var queues = new PartitionQueues("kafka", new Grains.Streams.Kafka.Consuming.TopicFacts(CacheUnderTest.TopicId, partitions));
        var all = queues.GetAllQueues().ToList();
        Assert.Equal(Enumerable.Range(0, partitions), all.Select(PartitionQueues.PartitionOf));
        Assert.Equal(partitions, all.Select(queue => queue.GetUniformHashCode()).Distinct().Count());
        for (var i = 0; i < 100; i++)
        {
            var stream = StreamId.Create("n", $"key {i}");
            Assert.Equal(queues.PartitionOf(stream), PartitionQueues.PartitionOf(queues.GetQueueForStream(stream)));
            Assert.Equal(queues.PartitionOf(stream), queues.PartitionOf(StreamId.Create("another", $"key {i}")));
        }
    }

    [Fact]
    public void Events_of_any_kind_come_back_with_their_stream_and_tokens()
    {
        var stream = StreamId.Create("n", "k");
        var record = Read(CacheUnderTest.Format.Write(stream, new object?[] { "a", null, 3L, "" }, new Dictionary<string, object> { ["user"] = "ann" }), offset: 7);
        Assert.Equal((7L, stream, 4), (record.Offset, record.Stream, record.Events));

        var slice = new EventSlice(LogId.Of(CacheUnderTest.TopicId, 0), [record], 1, 4, Serializer);
        Assert.Equal([null, 3L, ""], slice.GetEvents<object?>().Select(item => item.Item1));
        Assert.Equal([1, 2, 3], slice.GetEvents<object?>().Select(item => item.Item2.EventIndex));
        Assert.Equal((7L, 3), (slice.SequenceToken.SequenceNumber, slice.SequenceToken.EventIndex));
        Assert.True(slice.ImportRequestContext());
        Assert.Equal("ann", RequestContext.Get("user"));
        RequestContext.Clear();
    }

    [Fact]
    public void A_stream_without_a_namespace_comes_back_as_one()
    {
        var stream = StreamId.Create(default, "k"u8);
        Assert.Equal(stream, Read(CacheUnderTest.Format.Write(stream, ["x"], null)).Stream);
    }

    [Theory]
    [InlineData("damaged: key, value or number of events", "1", "k", null)]
    [InlineData("damaged: key, value or number of events", "0", "k", "v")]
    [InlineData("damaged: key, value or number of events", "-1", "k", "v")]
    [InlineData("damaged: key, value or number of events", "two", "k", "v")]
    [InlineData("damaged: key, value or number of events", "1", "", "v")]
    [InlineData("damaged: key, value or number of events", "1", null, "v")]
    [InlineData("not written by a stream producer, and no Decoder is set", null, "k", "v")]
    public void What_is_no_record_of_a_stream_is_refused_with_a_reason(string reason, string? events, string? key, string? value)
    {
        var headers = new Headers();
        if (events is not null) headers.Add(RecordFormat.EventsHeader, Encoding.ASCII.GetBytes(events));
        var message = new Message<byte[]?, byte[]?> { Key = key is null ? null : Encoding.UTF8.GetBytes(key), Value = value is null ? null : Encoding.UTF8.GetBytes(value), Headers = headers };

        Assert.Null(CacheUnderTest.Format.Read(new ConsumeResult<byte[]?, byte[]?> { TopicPartitionOffset = new("t", 0, 1), Message = message }, out var told));
        Assert.Equal(reason, told);
    }

    [Fact]
    public void The_plain_decoder_takes_the_key_for_the_stream_and_the_value_for_the_event()
    {
        var format = new RecordFormat(Serializer, new KeyedBytesDecoder("n"));
        var record = format.Read(Foreign("k", "v"), out _)!;
        Assert.Equal(StreamId.Create("n", "k"), record.Stream);
        Assert.Equal("v"u8.ToArray(), Assert.IsType<byte[]>(record.Decoded));
        Assert.Null(format.Read(Foreign("k", null), out _)!.Decoded);
        Assert.Null(format.Read(Foreign(null, "v"), out var reason));
        Assert.Equal("no key", reason);
    }

    [Fact]
    public void Every_fault_of_the_settings_is_told_at_once()
    {
        var options = new KafkaProviderOptions { CacheRecords = 1, EventsPerDelivery = 0, DeliveryLimit = TimeSpan.FromSeconds(5), PollInterval = TimeSpan.Zero, CommitInterval = TimeSpan.Zero, SendTimeout = TimeSpan.Zero, Rewind = (KafkaRewind)9 };
        (options.Kafka.Topic, options.Kafka.InstanceId, options.Kafka.Once) = ("t", "i", true);

        string[] named = ["BootstrapServers", "Group", "InstanceId", "Once", "CacheRecords", "EventsPerDelivery", "DeliveryLimit", "PollInterval", "CommitInterval", "SendTimeout", "Rewind"];
        var faults = options.Faults().ToList();
        Assert.Equal(named.Length, faults.Count);
        Assert.All(named.Zip(faults), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));

        var right = new KafkaProviderOptions();
        (right.Kafka.BootstrapServers, right.Kafka.Topic, right.Kafka.Group) = ("b:1", "t", "g");
        Assert.Empty(right.Faults());
    }

    private static StreamRecord Read(Message<byte[], byte[]> message, long offset = 0) => CacheUnderTest.Format.Read(
        new ConsumeResult<byte[]?, byte[]?> { TopicPartitionOffset = new("t", 0, offset), Message = new Message<byte[]?, byte[]?> { Key = message.Key, Value = message.Value, Headers = message.Headers } }, out _)!;

    private static ConsumeResult<byte[]?, byte[]?> Foreign(string? key, string? value) => new()
    {
        TopicPartitionOffset = new("t", 0, 1),
        Message = new Message<byte[]?, byte[]?> { Key = key is null ? null : Encoding.UTF8.GetBytes(key), Value = value is null ? null : Encoding.UTF8.GetBytes(value), Headers = [] },
    };
}
