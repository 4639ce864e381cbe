using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>Gives queues to silos as another balancer does that looks at the mapper anew each time, and has the silo look again when the topic has changed.</summary>
internal sealed class PartitionBalancer(IStreamQueueBalancer balancer) : IStreamQueueBalancer
{
    private readonly Lock _gate = new();
    private readonly List<IStreamQueueBalanceListener> _listeners = [];
    private PartitionQueues? _queues;

    public Task Initialize(IStreamQueueMapper queueMapper)
    {
        _queues = (PartitionQueues)queueMapper;
        _queues.Changed += Notify;
        return balancer.Initialize(queueMapper);
    }

    public Task Shutdown()
    {
        if (_queues is { } queues) queues.Changed -= Notify;
        return balancer.Shutdown();
    }

    public IEnumerable<QueueId> GetMyQueues() => balancer.GetMyQueues();

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_gate) _listeners.Add(observer);
        return balancer.SubscribeToQueueDistributionChangeEvents(observer);
    }

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_gate) _listeners.Remove(observer);
        return balancer.UnSubscribeFromQueueDistributionChangeEvents(observer);
    }

    private void Notify()
    {
        List<IStreamQueueBalanceListener> listeners;
        lock (_gate) listeners = [.. _listeners];
        // Orleans' manager queues and logs what it does about it.
        foreach (var listener in listeners) listener.QueueDistributionChangeNotification().Ignore();
    }
}
