using System.Runtime.InteropServices;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>A latch that librdkafka sets when a queue turns from empty to not empty, and that one reader waits for.</summary>
internal sealed class Arrival : IDisposable
{
    private readonly SemaphoreSlim _gate = new(0, 1);
    private int _set;

    /// <summary>Lets the waiter go, now or when it next waits. May be called from any thread, often.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _set, 1) == 0) _gate.Release();
    }

    /// <summary>Completes when set, or after <paramref name="atMost"/>.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        // Order matters: the latch opens for the next arrival before the reader looks into the queue, so that none between the two is missed.
        if (await _gate.WaitAsync(atMost, cancellationToken).ConfigureAwait(false)) Volatile.Write(ref _set, 0);
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>librdkafka's callback; <paramref name="opaque"/> is a <see cref="GCHandle"/> of the latch.</summary>
    [UnmanagedCallersOnly]
    public static void Arrived(nint _, nint opaque) => ((Arrival)GCHandle.FromIntPtr(opaque).Target!).Set();
}
