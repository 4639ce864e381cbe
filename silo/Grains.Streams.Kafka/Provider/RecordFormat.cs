using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Orleans.Serialization;

namespace Grains.Streams.Kafka.Provider;

/// <summary>How events lie in the log.</summary>
/// <remarks>
/// One record an <c>OnNextAsync</c> or <c>OnNextBatchAsync</c>: key = the stream's key; header <c>grains.namespace</c> = its namespace, absent for none; header <c>grains.events</c> = how many events, in decimal digits;
/// header <c>grains.context</c> = the request context, absent for none; value = the events, an <c>object?[]</c> by Orleans' serializer. A record without <c>grains.events</c> is a foreign one.
/// </remarks>
internal sealed class RecordFormat(Serializer serializer, IKafkaRecordDecoder? decoder)
{
    public const string NamespaceHeader = "grains.namespace";
    public const string EventsHeader = "grains.events";
    public const string ContextHeader = "grains.context";

    public Serializer Serializer => serializer;

    public Message<byte[], byte[]> Write<T>(StreamId stream, IEnumerable<T> events, Dictionary<string, object>? context)
    {
        var all = events.Select(static item => (object?)item).ToArray();
        if (all.Length == 0) throw new ArgumentException("A batch without events has no record.", nameof(events));

        var headers = new Headers { { EventsHeader, Encoding.ASCII.GetBytes(all.Length.ToString(CultureInfo.InvariantCulture)) } };
        if (!stream.Namespace.IsEmpty) headers.Add(NamespaceHeader, stream.Namespace.ToArray());
        if (context is { Count: > 0 }) headers.Add(ContextHeader, serializer.SerializeToArray(context));
        return new Message<byte[], byte[]> { Key = stream.Key.ToArray(), Value = serializer.SerializeToArray(all), Headers = headers };
    }

    /// <summary>Reads a record.</summary>
    /// <returns>Null, with a reason, where it is refused; null without one where it is passed over.</returns>
    public StreamRecord? Read(ConsumeResult<byte[]?, byte[]?> result, out string? reason)
    {
        reason = null;
        var message = result.Message;
        if (!message.Headers.TryGetLastBytes(EventsHeader, out var count)) return ReadForeign(result, out reason);

        if (message.Key is not { Length: > 0 } key || message.Value is not { } value || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var events) || events < 1)
        {
            reason = "damaged: key, value or number of events";
            return null;
        }

        message.Headers.TryGetLastBytes(NamespaceHeader, out var streamNamespace);
        message.Headers.TryGetLastBytes(ContextHeader, out var context);
        return new StreamRecord { Offset = result.Offset, Stream = StreamId.Create(streamNamespace, key), Events = events, Payload = value, Context = context, Size = key.Length + value.Length + (context?.Length ?? 0) };
    }

    private StreamRecord? ReadForeign(ConsumeResult<byte[]?, byte[]?> result, out string? reason)
    {
        reason = null;
        if (decoder is null)
        {
            reason = "not written by a stream producer, and no Decoder is set";
            return null;
        }

        var message = result.Message;
        var decoded = Decode(new KafkaRecord
        {
            Topic = result.Topic,
            Partition = result.Partition,
            Offset = result.Offset,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(message.Timestamp.UnixTimestampMs),
            HasKey = message.Key is not null,
            Key = message.Key,
            HasValue = message.Value is not null,
            Value = message.Value,
        });
        reason = decoded.Reason;
        if (decoded.Stream is not { } stream) return null;

        return new StreamRecord { Offset = result.Offset, Stream = stream, Events = 1, Decoded = decoded.Value, Size = (message.Key?.Length ?? 0) + (message.Value?.Length ?? 0) };
    }

    // A decoder that throws must not hold up the partition for ever: what it threw for is refused as well.
    private KafkaDecoded Decode(in KafkaRecord record)
    {
        try
        {
            return decoder!.Decode(record);
        }
        catch (Exception failure)
        {
            return KafkaDecoded.Refused($"decoder: {failure.GetType().Name}: {failure.Message}");
        }
    }
}
