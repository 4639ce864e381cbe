using Grains.Streams.Storage;

namespace Grains.Streams.Cells;

/// <summary>Waits for reads of the storage, but not for longer than is bearable: whoever counts has other keys, and must go on when the storage hangs.</summary>
/// <remarks>
/// A read that takes longer runs on by itself, and does what it was to do when it ends. Until then no other is begun, and whoever wants one is told at once:
/// so a storage that refuses after half a minute costs its readers the patience once in that half minute, and not each time.
/// </remarks>
internal sealed class StorageReads(TimeSpan patience, TimeProvider time)
{
    private int _overdue;

    /// <exception cref="SnapshotStorageException">The read failed, has not ended in time, or an earlier one has not.</exception>
    public ValueTask WaitAsync(Func<CancellationToken, ValueTask> read, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _overdue) > 0) throw Away();

        var reading = read(cancellationToken);
        return reading.IsCompleted ? reading : WaitAsync(reading.AsTask(), cancellationToken);
    }

    private async ValueTask WaitAsync(Task reading, CancellationToken cancellationToken)
    {
        try
        {
            await reading.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (reading.IsCompleted)
            {
                await reading.ConfigureAwait(false);
                return;
            }

            Interlocked.Increment(ref _overdue);
            _ = EndAsync(reading);
            throw Away();
        }
    }

    // What comes of it matters to nobody any more: who wanted it asks again.
    private async Task EndAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _overdue);
    }

    private SnapshotStorageException Away() =>
        new($"The storage has not answered a read for {patience.TotalSeconds:0.#} s. What needs it waits; the rest goes on. Look whether the storage is there and not overloaded.", isTransient: true);
}
