namespace Grains.Streams.Pumps;

/// <summary>Successive events of one key from one partition.</summary>
/// <param name="Key">The key.</param>
/// <param name="Epoch">The epoch of the cell that they are for.</param>
/// <param name="First">The position of the first event.</param>
/// <param name="Last">The position of the last event.</param>
/// <param name="Events">The events in the order of their positions; valid until the chunk is answered.</param>
internal readonly record struct Chunk<TEvent>(string Key, long Epoch, long First, long Last, ReadOnlyMemory<TEvent> Events)
    where TEvent : unmanaged;
