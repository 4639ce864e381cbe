using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>What is handed to one consumer in one call: events of one stream that follow each other, of one record or several.</summary>
/// <remarks>
/// Its token is that of its last event, so that a consumer that has saved the token of an event in the middle of a record gets the rest of that record.
/// Each consumer's cursor makes slices of its own: on the silo that reads the partition, a slice knows whether it was handed over.
/// </remarks>
[GenerateSerializer, Immutable]
[SerializationCallbacks(typeof(OnDeserializedCallbacks))]
internal sealed class EventSlice : IBatchContainer, IOnDeserialized
{
    [Id(0)] private readonly StreamRecord[] _records;

    // Of the first record the events from here on, of the last one those before there.
    [Id(1)] private readonly int _first;
    [Id(2)] private readonly int _end;
    [Id(3)] private readonly LogId _log;
    [NonSerialized] private Serializer? _serializer;

    public EventSlice(LogId log, StreamRecord[] records, int first, int end, Serializer serializer) => (_log, _records, _first, _end, _serializer) = (log, records, first, end, serializer);

    public StreamRecord[] Records => _records;

    public StreamId StreamId => _records[0].Stream;

    public StreamSequenceToken SequenceToken => new RecordToken(_log, new EventPosition(_records[^1].Offset, _end - 1));

    /// <summary>Right after the last event.</summary>
    public EventPosition End => _end == _records[^1].Events ? new EventPosition(_records[^1].Offset + 1) : new EventPosition(_records[^1].Offset, _end);

    /// <summary>Whether the consumer was called with it.</summary>
    [field: NonSerialized]
    public bool IsAttempted { get; private set; }

    /// <summary>Whether such a call has returned.</summary>
    [field: NonSerialized]
    public bool IsConfirmed { get; private set; }

    public void Confirm() => IsConfirmed = true;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        for (var i = 0; i < _records.Length; i++)
        {
            var record = _records[i];
            var events = record.Payload is { } payload ? _serializer!.Deserialize<object?[]>(payload)! : [record.Decoded];
            var end = i == _records.Length - 1 ? _end : record.Events;
            for (var index = i == 0 ? _first : 0; index < end; index++) yield return Tuple.Create((T)events[index]!, (StreamSequenceToken)new RecordToken(_log, new EventPosition(record.Offset, index)));
        }
    }

    /// <summary>Called right before each call of the consumer, on the silo that reads the partition.</summary>
    public bool ImportRequestContext()
    {
        IsAttempted = true;
        // Records with a context are in a slice of their own.
        if (_records[0].Context is not { } context) return false;

        foreach (var (key, value) in _serializer!.Deserialize<Dictionary<string, object>>(context)!) RequestContext.Set(key, value);
        return true;
    }

    void IOnDeserialized.OnDeserialized(DeserializationContext context) => _serializer = context.ServiceProvider.GetRequiredService<Serializer>();
}
