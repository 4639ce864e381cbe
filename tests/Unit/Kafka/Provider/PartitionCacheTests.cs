using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Provider;
using Orleans.Providers.Streams.Common;
using Xunit;

namespace Grains.Tests.Unit.Kafka.Provider;

public sealed class PartitionCacheTests
{
    [Fact]
    public void The_durable_position_is_the_first_record_that_a_consumer_has_not_taken()
    {
        var test = new CacheUnderTest();
        var (a, b) = (test.Subscribe("a"), test.Subscribe("b"));
        foreach (var key in (string[])["a", "b", "a", "b"]) test.Read(key);
        b.TakeAll();
        Assert.Equal((0L, 4L), (test.Cache.Durable, test.Cache.High));

        a.Take(a.Call()!);
        var second = a.Call()!;
        test.Cache.Sweep();
        Assert.Equal(2, test.Cache.Durable);

        a.Take(second);
        test.Cache.Sweep();
        Assert.Equal(2, test.Cache.Durable);
        a.TakeAll();
        Assert.Equal(4, test.Cache.Durable);
        Assert.Equal(["0.0", "2.0"], a.Seen);
        Assert.Equal(0, test.Cache.Records);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_slowest_of_several_subscribers_counts(int slowest)
    {
        var test = new CacheUnderTest();
        Consumer[] consumers = [test.Subscribe("a"), test.Subscribe("a"), test.Subscribe("a")];
        test.Read("a");
        foreach (var fast in consumers.Where(consumer => consumer != consumers[slowest])) fast.TakeAll();
        Assert.Equal(0, test.Cache.Durable);
        consumers[slowest].TakeAll();
        Assert.Equal(["0.0"], consumers[slowest].Seen);
        Assert.Equal(1, test.Cache.Durable);
    }

    [Fact]
    public void A_call_of_which_nothing_was_heard_is_made_again()
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        test.Read("a");
        test.Read("a");
        var first = a.Call()!;

        // A handshake in the middle: Orleans moves on without the call's result.
        Assert.Same(first, a.Call());
        a.Take(first);
        Assert.Equal("1.0", a.Call()!.GetEvents<string>().Single().Item1);
    }

    [Fact]
    public void What_a_filter_passes_over_is_done_with()
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        test.Read("a");
        Assert.NotNull(a.Next());
        Assert.Null(a.Next());
        test.Cache.Sweep();
        Assert.Equal(1, test.Cache.Durable);
    }

    [Fact]
    public void What_was_refused_for_too_long_is_handed_to_the_dead_letters_and_done_with()
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        test.Read("a");
        test.Read("a");
        a.Refuse();
        a.TakeAll();
        Assert.Equal(["1.0"], a.Seen);
        Assert.Equal(0, Assert.Single(test.Refused).Records.Single().Offset);
        Assert.Equal(2, test.Cache.Durable);
    }

    [Fact]
    public void One_event_that_is_refused_does_not_take_its_neighbours_with_it()
    {
        var test = new CacheUnderTest(eventsPerDelivery: 10);
        var a = test.Subscribe("a");
        for (var i = 0; i < 4; i++) test.Read("a");
        a.Refuse();

        a.Take(a.Call()!);
        a.Refuse();
        a.Take(a.Call()!);
        a.TakeAll();

        Assert.Equal(["0.0", "2.0", "3.0"], a.Seen);
        Assert.Equal([1L], test.Refused.SelectMany(slice => slice.Records).Select(record => record.Offset));
        Assert.Equal(4, test.Cache.Durable);
    }

    [Fact]
    public void Records_of_a_stream_wait_until_it_is_known_who_has_subscribed()
    {
        var test = new CacheUnderTest();
        test.Read("a");
        test.Cache.Sweep();
        Assert.Equal(0, test.Cache.Durable);
        Assert.Equal([CacheUnderTest.Stream("a")], test.Cache.Unclaimed().Select(line => line.Stream));

        // Nobody.
        test.Register("a").Cache.Sweep();
        Assert.Equal(1, test.Cache.Durable);
        Assert.Empty(test.Cache.Unclaimed());
    }

    [Fact]
    public void Nothing_is_given_up_while_a_subscriber_is_being_attached()
    {
        var test = new CacheUnderTest();
        var first = test.Subscribe("a");
        var line = test.Cache.LineOf(CacheUnderTest.Stream("a"));
        // The first and another, which has no cursor yet.
        line.Attach(Guid.NewGuid());
        line.Attach(Guid.NewGuid());
        var record = test.Read("a");
        first.TakeAll();
        Assert.Equal(0, test.Cache.Durable);

        var second = test.Subscribe("a", new ActivityToken(record.First));
        second.TakeAll();
        Assert.Equal(["0.0"], second.Seen);
        Assert.Equal(1, test.Cache.Durable);
    }

    [Fact]
    public void An_agent_that_stops_disposes_of_its_cursors_and_nothing_is_durable_by_that()
    {
        var test = new CacheUnderTest();
        var (a, b) = (test.Subscribe("a"), test.Subscribe("b"));
        foreach (var key in (string[])["a", "b"]) test.Cache.LineOf(CacheUnderTest.Stream(key)).Attach(Guid.NewGuid());
        foreach (var key in (string[])["b", "a", "a", "b"]) test.Read(key);
        b.Take(b.Call()!);
        a.Take(a.Call()!);

        // What the last calls have delivered counts, as they are not made again.
        test.Cache.UpdateDeliveryProgress(null, default);
        Assert.Equal(2, test.Cache.Durable);
        a.Leave();
        b.Leave();
        foreach (var line in test.Cache.Lines) test.Cache.Touch(line);
        test.Cache.Sweep();
        Assert.Equal(2, test.Cache.Durable);
    }

    [Fact]
    public void The_events_of_the_last_subscriber_that_leaves_are_offered_again()
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        test.Read("a");
        a.Leave();
        test.Cache.LineOf(CacheUnderTest.Stream("a")).Detach(Guid.NewGuid());
        test.Cache.Sweep();
        Assert.Equal(0, test.Cache.Durable);
        Assert.Single(test.Cache.Unclaimed());
    }

    [Fact]
    public void A_full_cache_has_no_room_and_what_is_done_with_behind_an_undone_record_counts()
    {
        var test = new CacheUnderTest(records: 16);
        var (stuck, other) = (test.Subscribe("a"), test.Subscribe("b"));
        test.Read("a");
        for (var i = 0; i < 15; i++) test.Read("b");
        other.TakeAll();
        Assert.Equal((0, 1), (test.Cache.Room, test.Cache.GetMaxAddCount()));
        stuck.TakeAll();
        Assert.Equal(16, test.Cache.Room);
    }

    [Fact]
    public void Bytes_fill_it_too()
    {
        var test = new CacheUnderTest(records: 1000);
        test.Subscribe("a");
        test.Cache.Add(new StreamRecord { Offset = 0, Stream = CacheUnderTest.Stream("a"), Events = 1, Size = 2 << 20 });
        Assert.Equal(0, test.Cache.Room);
    }

    [Fact]
    public void Offsets_without_records_are_passed_when_nothing_is_before_them()
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        test.Cache.Passed(7);
        Assert.Equal(7, test.Cache.Durable);
        test.Read("a");
        test.Cache.Passed(12);
        test.Cache.Sweep();
        Assert.Equal(7, test.Cache.Durable);
        a.TakeAll();
        Assert.Equal(12, test.Cache.Durable);
    }

    [Theory]
    [InlineData(0, "0.1 0.2 1.0")]
    [InlineData(1, "0.2 1.0")]
    [InlineData(2, "1.0")]
    public void A_token_in_the_middle_of_a_record_is_resumed_after_that_very_event(int index, string rest)
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        var other = test.Subscribe("a");
        test.Read("a", events: 3);
        test.Read("a");
        a.Take(a.Call()!);
        a.Seen.Clear();

        a.Resume(new EventSequenceTokenV2(0, index));
        a.TakeAll();
        Assert.Equal(rest, string.Join(' ', a.Seen));
        other.TakeAll();
        Assert.Equal(2, test.Cache.Durable);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_consumer_that_resumes_after_its_last_event_needs_no_reading_of_the_log(int eventsPerDelivery)
    {
        var test = new CacheUnderTest(eventsPerDelivery: eventsPerDelivery);
        var a = test.Subscribe("a");
        test.Read("a", events: 2);
        a.TakeAll();
        Assert.Equal(1, test.Cache.Durable);

        a.Resume(a.Token!);
        Assert.Null(test.Cache.History.Look());
        test.Read("a");
        a.TakeAll();
        Assert.Equal(["0.0", "0.1", "1.0"], a.Seen);
    }

    [Fact]
    public void A_consumer_that_goes_back_gets_everything_again_from_the_log_and_others_nothing()
    {
        var test = new CacheUnderTest();
        var (a, b) = (test.Subscribe("a"), test.Subscribe("b"));
        for (var i = 0; i < 10; i++) test.Read(i % 2 == 0 ? "a" : "b");
        a.TakeAll();
        b.TakeAll();
        a.Seen.Clear();

        a.Resume(new EventSequenceTokenV2(2));
        test.Read("a");
        Assert.Null(a.Call());
        test.ReadAgain(3);
        while (a.Call() is { } slice) a.Take(slice);
        Assert.Equal(["4.0"], a.Seen);
        test.ReadAgain();
        a.TakeAll();

        Assert.Equal(["4.0", "6.0", "8.0", "10.0"], a.Seen);
        Assert.False(test.Cache.History.IsUnderWay);
        Assert.Equal(5, b.TakeAll().Seen.Count);
        Assert.Equal((11L, 0), (test.Cache.Durable, test.Cache.Records));
        Assert.Equal(100, test.Cache.HistoryRoom);
    }

    [Fact]
    public void Going_back_does_not_take_the_durable_position_back()
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        for (var i = 0; i < 5; i++) test.Read("a");
        a.TakeAll();
        a.Resume(new EventSequenceTokenV2(0));
        test.ReadAgain();
        Assert.Equal(5, test.Cache.Durable);
    }

    [Fact]
    public void Who_goes_back_further_than_the_pass_under_way_waits_for_the_next()
    {
        var test = new CacheUnderTest();
        var (a, b) = (test.Subscribe("a"), test.Subscribe("b"));
        for (var i = 0; i < 20; i++) test.Read(i % 2 == 0 ? "a" : "b");
        a.TakeAll().Seen.Clear();
        b.TakeAll().Seen.Clear();

        a.Resume(new EventSequenceTokenV2(8));
        test.ReadAgain(4);
        b.Resume(new EventSequenceTokenV2(1));
        test.ReadAgain();
        a.TakeAll();
        Assert.Equal(["10.0", "12.0", "14.0", "16.0", "18.0"], a.Seen);
        Assert.Empty(b.TakeAll().Seen);
        test.ReadAgain();
        Assert.Equal(9, b.TakeAll().Seen.Count);
        Assert.Equal("3.0", b.Seen[0]);
    }

    [Fact]
    public void Where_tokens_mean_what_is_durable_nothing_is_read_again()
    {
        var test = new CacheUnderTest(rewind: KafkaRewind.Durable);
        var a = test.Subscribe("a");
        for (var i = 0; i < 5; i++) test.Read("a");
        a.TakeAll().Seen.Clear();
        a.Resume(new EventSequenceTokenV2(1));
        Assert.Null(test.Cache.History.Look());
        test.Read("a");
        Assert.Equal(["5.0"], a.TakeAll().Seen);
    }

    [Fact]
    public void A_token_of_a_log_that_is_gone_gets_what_there_is_and_is_told()
    {
        var test = new CacheUnderTest(end: 3);
        var told = new List<StreamId>();
        test.Cache.BeyondEnd = (stream, _) => told.Add(stream);
        test.Register("a").Read("a");
        var within = new Consumer(test, CacheUnderTest.Stream("a"), new EventSequenceTokenV2(2));
        Assert.Empty(told);

        var beyond = new Consumer(test, CacheUnderTest.Stream("a"), new EventSequenceTokenV2(50));
        Assert.Single(told);
        Assert.Empty(within.TakeAll().Seen);
        Assert.Equal(["0.0"], beyond.TakeAll().Seen);
    }

    [Fact]
    public void Streams_that_nobody_uses_any_more_are_forgotten_and_their_past_is_read_again_if_need_be()
    {
        var test = new CacheUnderTest();
        var a = test.Subscribe("a");
        test.Read("a");
        a.TakeAll().Leave();
        test.Cache.LineOf(CacheUnderTest.Stream("a")).Unregister();
        test.Cache.Sweep();
        Assert.Empty(test.Cache.Lines);

        var again = test.Subscribe("a", new EventSequenceTokenV2(0));
        Assert.Equal(1, test.Cache.Durable);
        test.Cache.LineOf(CacheUnderTest.Stream("a")).HasExplicit = true;
        again.Resume(new EventSequenceTokenV2(0));
        test.ReadAgain();
        Assert.Equal(["0.0"], again.TakeAll().Seen);
    }
}
