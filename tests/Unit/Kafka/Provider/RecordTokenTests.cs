using Grains.Streams.Kafka.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Providers.Streams.Common;
using Orleans.Serialization;
using Orleans.Streams;
using Xunit;

namespace Grains.Tests.Unit.Kafka.Provider;

/// <summary>Tokens that name their log, and what a cache makes of those of another one.</summary>
public sealed class RecordTokenTests
{
    private static readonly LogId Here = LogId.Of(CacheUnderTest.TopicId, 0);
    private static readonly LogId OtherPartition = Here with { Partition = 1 };
    private static readonly LogId OtherTopic = Here with { Topic = 9 };

    [Fact]
    public void Every_event_of_a_log_lies_after_a_token_of_another_and_equals_none()
    {
        var here = new RecordToken(Here, new EventPosition(5, 1));
        foreach (var log in (LogId[])[OtherPartition, OtherTopic])
        {
            Assert.True(here.CompareTo(new RecordToken(log, new EventPosition(50))) > 0);
            Assert.NotEqual<StreamSequenceToken>(here, new RecordToken(log, new EventPosition(5, 1)));
        }

        Assert.True(here.CompareTo(new RecordToken(Here, new EventPosition(5, 2))) < 0);
        Assert.Equal<StreamSequenceToken>(here, new RecordToken(Here, new EventPosition(5, 1)));
        // What was saved before tokens named their log.
        Assert.Equal<StreamSequenceToken>(here, new EventSequenceTokenV2(5, 1));
        Assert.True(here.CompareTo(new EventSequenceTokenV2(6)) < 0);
    }

    [Fact]
    public void A_token_is_the_same_after_either_of_Orleans_serializers()
    {
        var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        StreamSequenceToken token = new RecordToken(Here, new EventPosition(5, 1));

        Check(services.GetRequiredService<Serializer>().Deserialize<StreamSequenceToken>(services.GetRequiredService<Serializer>().SerializeToArray(token)));
        var json = new OrleansJsonSerializer(Options.Create(new OrleansJsonSerializerOptions()));
        Check(json.Deserialize(typeof(StreamSequenceToken), json.Serialize(token, typeof(StreamSequenceToken))));

        static void Check(object? read)
        {
            var record = Assert.IsType<RecordToken>(read);
            Assert.Equal((Here, 5L, 1), (record.Log, record.SequenceNumber, record.EventIndex));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(99)]
    public void A_token_of_another_topic_gets_the_log_from_its_beginning(int offset)
    {
        var test = new CacheUnderTest();
        var told = new List<EventPosition>();
        test.Cache.Foreign = (_, _, begin) => told.Add(begin);
        var a = test.Subscribe("a");
        for (var i = 0; i < 5; i++) test.Read("a");
        a.TakeAll().Seen.Clear();

        a.Resume(new RecordToken(OtherTopic, new EventPosition(offset)));
        test.ReadAgain();
        Assert.Equal(["0.0", "1.0", "2.0", "3.0", "4.0"], a.TakeAll().Seen);
        Assert.Equal([new EventPosition(0)], told);
        a.Resume(new RecordToken(OtherTopic, new EventPosition(offset)));
        Assert.Single(told);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(99, 1)]
    [InlineData(99, 10)]
    public void A_token_of_another_partition_goes_on_with_what_is_not_done_with_here(int offset, int eventsPerDelivery)
    {
        var test = new CacheUnderTest(eventsPerDelivery: eventsPerDelivery);
        var a = Subscribed(test);
        for (var i = 0; i < 2; i++) test.Read("a");
        a.TakeAll();
        for (var i = 0; i < 3; i++) test.Read("a");
        // The consumer, which expects the token of the other partition, refuses the call; it has returned all the same.
        a.Call()!.Confirm();

        a.Resume(new RecordToken(OtherPartition, new EventPosition(offset)));
        Assert.Equal(["0.0", "1.0", "2.0", "3.0", "4.0"], a.TakeAll().Seen);
        Assert.Equal(5, test.Cache.Durable);
    }

    [Fact]
    public void A_token_of_another_partition_does_not_pass_what_a_slower_consumer_has_not_had()
    {
        var test = new CacheUnderTest();
        var (slow, fast) = (Subscribed(test), Subscribed(test));
        for (var i = 0; i < 3; i++) test.Read("a");
        fast.TakeAll();
        slow.Resume(new RecordToken(OtherPartition, new EventPosition(2)));
        Assert.Equal(["0.0", "1.0", "2.0"], slow.TakeAll().Seen);
    }

    // Orleans says who has subscribed, before and after the cursors.
    private static Consumer Subscribed(CacheUnderTest test)
    {
        test.Cache.LineOf(CacheUnderTest.Stream("a")).Attach(Guid.NewGuid());
        return test.Subscribe("a");
    }
}
