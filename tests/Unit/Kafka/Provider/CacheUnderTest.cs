using Grains.Streams.Kafka;
using Grains.Streams.Kafka.Provider;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Streams;

namespace Grains.Tests.Unit.Kafka.Provider;

/// <summary>A cache, with what Orleans and the log do to it.</summary>
internal sealed class CacheUnderTest
{
    public const string TopicId = "00000000000000010000000000000002";

    public static readonly RecordFormat Format = new(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>(), null);

    private readonly List<StreamRecord> _log = [];

    public CacheUnderTest(int records = 100, int eventsPerDelivery = 1, KafkaRewind rewind = KafkaRewind.Log, long begin = 0, long end = 0)
    {
        Cache = new PartitionCache(TopicId, 0, Format, new KafkaProviderOptions { CacheRecords = records, EventsPerDelivery = eventsPerDelivery, Rewind = rewind }, 1 << 20) { Undeliverable = Refused.Add };
        Cache.Begin(begin, end);
    }

    public PartitionCache Cache { get; }

    public List<EventSlice> Refused { get; } = [];

    public static StreamId Stream(string key) => StreamId.Create("n", key);

    /// <summary>Reads the next record of the log: so many events, named by their offset and number.</summary>
    public StreamRecord Read(string key, int events = 1)
    {
        var offset = Cache.High;
        var record = new StreamRecord
        {
            Offset = offset,
            Stream = Stream(key),
            Events = events,
            Size = 10,
            Payload = Format.Serializer.SerializeToArray(Enumerable.Range(0, events).Select(index => (object?)Name(offset, index)).ToArray()),
        };
        _log.Add(record);
        Cache.Add(record);
        return record;
    }

    /// <summary>Lets Orleans know who has subscribed to a stream.</summary>
    public CacheUnderTest Register(string key)
    {
        Cache.LineOf(Stream(key)).IsRegistered = true;
        Cache.Touch(Cache.LineOf(Stream(key)));
        return this;
    }

    public Consumer Subscribe(string key, StreamSequenceToken? token = null)
    {
        Register(key);
        return new Consumer(this, Stream(key), token);
    }

    /// <summary>One pass over the log, so many records at a time.</summary>
    public void ReadAgain(int records = int.MaxValue)
    {
        if (Cache.History.Look() is null && !Cache.History.IsUnderWay) return;

        var from = Cache.History.Next;
        foreach (var record in _log.Where(record => record.Offset >= from).Take(records))
        {
            Cache.AddHistory(record);
            from = record.Offset + 1;
        }

        Cache.History.Reached(records == int.MaxValue ? Cache.High : from);
        Cache.Sweep();
    }

    public static string Name(long offset, int index) => $"{offset}.{index}";
}
