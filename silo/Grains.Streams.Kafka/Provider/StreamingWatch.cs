using System.Collections.Concurrent;
using Orleans.Streaming.Diagnostics;

namespace Grains.Streams.Kafka.Provider;

/// <summary>Hears from Orleans' streaming what its interfaces do not tell a cache: that a call of a consumer has returned, and whether a stream's subscribers are known.</summary>
/// <remarks>
/// Without it a failed registration of a stream, or a delivery that Orleans has lost track of, looks like one that is done. The events are raised on the scheduler of the partition's agent, which tells whose they are, as several
/// silos may be in one process. They may change with a minor version of Orleans; tests of the provider notice.
/// </remarks>
internal sealed class StreamingWatch : IObserver<StreamingEvents.StreamingEvent>, IDisposable
{
    private readonly ConcurrentDictionary<TaskScheduler, PartitionCache> _caches = new();
    private readonly string _provider;
    private readonly IDisposable _subscription;

    public StreamingWatch(string provider)
    {
        _provider = provider;
        _subscription = StreamingEvents.AllEvents.Subscribe(this);
    }

    /// <summary>The agent that runs now serves this cache.</summary>
    public void Serve(PartitionCache cache) => _caches[TaskScheduler.Current] = cache;

    public void Leave(PartitionCache cache)
    {
        foreach (var (scheduler, served) in _caches)
        {
            if (served == cache) _caches.TryRemove(scheduler, out _);
        }
    }

    public void OnNext(StreamingEvents.StreamingEvent value)
    {
        if (value.StreamProvider != _provider) return;

        if (value is StreamingEvents.MessageDelivered { Batch: EventSlice slice }) slice.Confirm();
        else if (_caches.TryGetValue(TaskScheduler.Current, out var cache)) Note(cache, value);
    }

    public void OnCompleted()
    {
        // It has no end.
    }

    public void OnError(Exception error)
    {
        // Nor errors.
    }

    public void Dispose() => _subscription.Dispose();

    private static void Note(PartitionCache cache, StreamingEvents.StreamingEvent value)
    {
        switch (value)
        {
            case StreamingEvents.PullingAgentStreamRegistered registered:
                Change(cache, registered.StreamId, static line => line.IsRegistered = true);
                break;
            case StreamingEvents.PullingAgentStreamRegistrationFailed failed:
                Change(cache, failed.StreamId, static line => line.IsRegistered = false);
                break;
            case StreamingEvents.StreamInactive inactive:
                Change(cache, inactive.StreamId, static line => line.Unregister());
                break;
            case StreamingEvents.SubscriptionAdded added:
                Change(cache, added.StreamId, line => line.Attach(added.SubscriptionId));
                break;
            case StreamingEvents.SubscriptionRemoved removed:
                Change(cache, removed.StreamId, line => line.Detach(removed.SubscriptionId));
                break;
        }
    }

    private static void Change(PartitionCache cache, StreamId stream, Action<StreamLine> change)
    {
        var line = cache.LineOf(stream);
        change(line);
        cache.Touch(line);
    }
}
