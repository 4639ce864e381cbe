using System.Buffers;

namespace Grains.Streams;

/// <summary>Carries events from one process to another. Needed where an event holds ids that mean something in one process only.</summary>
public interface IEventCodec<TEvent>
    where TEvent : unmanaged
{
    /// <summary>Writes events so that another process can read them.</summary>
    void Write(ReadOnlySpan<TEvent> events, IBufferWriter<byte> writer);

    /// <summary>Reads as many events as <paramref name="events"/> has room for.</summary>
    /// <exception cref="FormatException">The bytes are not what <see cref="Write"/> writes.</exception>
    void Read(ReadOnlySpan<byte> bytes, Span<TEvent> events);
}
