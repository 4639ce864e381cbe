namespace Grains.Streams.Kafka.Consuming;

/// <summary>The records of one partition that are fetched and not yet handed on.</summary>
internal interface IRecordQueue : IDisposable
{
    /// <summary>Set when there may be something.</summary>
    Arrival Arrival { get; }

    /// <summary>Hands on what is there, up to about so many bytes, and leaves in the cursor what it found.</summary>
    void Take(Cursor cursor, IRecordSink sink, int maxBytes);

    /// <summary>Moves the consumer to a position; nothing fetched before is handed on afterwards.</summary>
    SeekOutcome Seek(long position);
}
