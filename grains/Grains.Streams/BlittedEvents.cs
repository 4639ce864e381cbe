using System.Buffers;
using System.Runtime.InteropServices;

namespace Grains.Streams;

/// <summary>Carries events as their bytes in memory: for events that mean the same in every process.</summary>
public sealed class BlittedEvents<TEvent> : IEventCodec<TEvent>
    where TEvent : unmanaged
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<TEvent> events, IBufferWriter<byte> writer) => writer.Write(MemoryMarshal.AsBytes(events));

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<byte> bytes, Span<TEvent> events)
    {
        var target = MemoryMarshal.AsBytes(events);
        if (bytes.Length != target.Length) throw new FormatException($"{events.Length} events take {target.Length} bytes, and {bytes.Length} came.");

        bytes.CopyTo(target);
    }
}
