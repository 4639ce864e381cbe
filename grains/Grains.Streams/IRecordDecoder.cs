namespace Grains.Streams;

/// <summary>Understands records: bytes → key and event, or a reason why not. One instance a partition, used by one thread at a time.</summary>
/// <typeparam name="TEvent">What a record means, as a small value.</typeparam>
public interface IRecordDecoder<TEvent>
    where TEvent : unmanaged
{
    /// <summary>Understands one record. Never throws.</summary>
    /// <param name="record">The record's bytes.</param>
    /// <param name="key">Where the event belongs: a slice of <paramref name="record"/> or of memory that lives until the next call.</param>
    /// <param name="decoded">The event.</param>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    RecordVerdict Decode(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> key, out TEvent decoded);

    /// <summary>The name of a verdict's reason, as it stands in metrics and answers: <c>bad_time</c>, <c>not_get</c>.</summary>
    string ReasonName(byte reason);
}
