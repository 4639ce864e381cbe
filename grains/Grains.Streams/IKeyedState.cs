using System.Buffers;

namespace Grains.Streams;

/// <summary>What one key accumulates of its events. Plain arithmetic: no clock, no waiting, no lock of its own; its cell calls it under the cell's lock.</summary>
/// <remarks>
/// A state is divided into windows, each named by a number. Windows that may still change are kept in the snapshot row. A window that has closed is handed out as a
/// history row when a snapshot that holds it has been written, and may be left out of the row after that. A state without windows leaves the three history members empty.
/// </remarks>
public interface IKeyedState<TEvent>
    where TEvent : unmanaged
{
    /// <summary>Adds to <paramref name="windows"/> the windows that <paramref name="chunk"/> changes and that are in history alone: each must be given to <see cref="Restore"/> before <see cref="Apply"/>.</summary>
    void Missing(ReadOnlySpan<TEvent> chunk, ICollection<long> windows);

    /// <summary>Takes back a window from history. Empty where history has none.</summary>
    /// <exception cref="FormatException">The row is damaged.</exception>
    void Restore(long window, ReadOnlyMemory<byte> historyRow);

    /// <summary>Counts every event of the chunk.</summary>
    /// <remarks>Runs per chunk; allocates only when a window begins or grows.</remarks>
    void Apply(ReadOnlySpan<TEvent> chunk);

    /// <summary>Reads what <see cref="Apply"/> reads first, so that the memory of several states is fetched at the same time and not one after the other; the answer means nothing.</summary>
    /// <remarks>Called without the cell's lock, while another thread may count: it changes nothing and believes nothing it sees.</remarks>
    int Touch() => 0;

    /// <summary>Writes the whole of what must be in the snapshot row, and adds to <paramref name="closed"/> the windows in it that have closed, each with its history row.</summary>
    /// <remarks>The memory of a history row is not changed afterwards. A window is named in each call until <see cref="Sealed"/> has named it.</remarks>
    void Save(IBufferWriter<byte> row, ICollection<ClosedWindow> closed);

    /// <summary>The history row that the last <see cref="Save"/> gave for this window is durable; unless the window has changed since, the next snapshot may leave it out.</summary>
    void Sealed(long window);

    /// <summary>Takes the state from a snapshot row. Called once, on a new state.</summary>
    /// <exception cref="FormatException">The row is damaged or of a later format.</exception>
    void Load(ReadOnlySpan<byte> row);
}
