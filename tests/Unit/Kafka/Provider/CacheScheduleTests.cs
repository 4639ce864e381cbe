using Orleans.Providers.Streams.Common;
using Xunit;

namespace Grains.Tests.Unit.Kafka.Provider;

/// <summary>Random schedules of records, deliveries, failures, lost calls and resumed consumers against what must hold in any of them.</summary>
public sealed class CacheScheduleTests
{
    private const int Streams = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Every_consumer_gets_every_event_in_order_and_nothing_is_durable_before(int eventsPerDelivery)
    {
        for (var seed = 0; seed < 400; seed++) Run(seed, eventsPerDelivery);
    }

    private static void Run(int seed, int eventsPerDelivery)
    {
        var random = new Random(seed);
        var test = new CacheUnderTest(records: 30, eventsPerDelivery);
        var log = Enumerable.Range(0, Streams).Select(_ => new List<(long Offset, int Index)>()).ToArray();
        var consumers = Enumerable.Range(0, Streams).Select(stream => test.Subscribe($"{stream}")).ToArray();
        // A consumer's state: how many of its stream's events are in it, saved with the token. Unsaved ones are lost with the activation.
        var saved = new int[Streams];
        for (var step = 0; step < 300; step++)
        {
            var stream = random.Next(Streams);
            var consumer = consumers[stream];
            switch (random.Next(9))
            {
                case 0 or 1 or 2 when test.Cache.Room > 0:
                    var record = test.Read($"{stream}", random.Next(1, 4));
                    for (var index = 0; index < record.Events; index++) log[stream].Add((record.Offset, index));
                    break;
                case 3 or 4 when consumer.Call() is { } slice:
                    consumer.Take(slice);
                    if (random.Next(3) > 0) saved[stream] = consumer.Seen.Count;
                    break;
                case 5:
                    consumer.Call();
                    break;
                case 6 when saved[stream] > 0:
                    // The activation is gone, with what it had not saved.
                    consumer.Seen.RemoveRange(saved[stream], consumer.Seen.Count - saved[stream]);
                    var (offset, at) = log[stream][saved[stream] - 1];
                    consumer.Resume(new EventSequenceTokenV2(offset, at));
                    break;
                case 7:
                    test.ReadAgain(random.Next(1, 20));
                    break;
                default:
                    test.Cache.Sweep();
                    break;
            }

            for (var i = 0; i < Streams; i++)
            {
                Assert.True(log[i].Take(consumers[i].Seen.Count).Select(item => CacheUnderTest.Name(item.Offset, item.Index)).SequenceEqual(consumers[i].Seen), $"seed {seed}, step {step}: {string.Join(' ', consumers[i].Seen)}");
            }

            test.Cache.Sweep();
            var undelivered = Enumerable.Range(0, Streams).Where(i => consumers[i].Delivered < log[i].Count).Select(i => log[i][consumers[i].Delivered].Offset).DefaultIfEmpty(test.Cache.High).Min();
            Assert.True(test.Cache.Durable <= undelivered, $"seed {seed}, step {step}: durable {test.Cache.Durable}, and {undelivered} was never delivered");
        }

        for (var turn = 0; turn < 20; turn++)
        {
            test.ReadAgain();
            foreach (var consumer in consumers) consumer.TakeAll();
        }

        for (var i = 0; i < Streams; i++) Assert.True(log[i].Count == consumers[i].Seen.Count, $"seed {seed}: stream {i} has {log[i].Count} events, seen were {consumers[i].Seen.Count}");
        Assert.True(test.Cache.Durable == test.Cache.High && test.Cache.HistoryRoom == 30 && test.Cache.Records == 0, $"seed {seed}: {test.Cache.Durable} of {test.Cache.High} durable, {test.Cache.HistoryRoom} history room");
    }
}
