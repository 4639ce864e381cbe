using Confluent.Kafka;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>Commits positions, those of all partitions together, one request at a time.</summary>
/// <remarks>A thread of its own, since Confluent.Kafka offers a commit of given positions only as a call that waits for the broker, for a minute where the broker is away.</remarks>
internal sealed class Committer : IDisposable
{
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(1);

    private readonly Action<IReadOnlyList<TopicPartitionOffset>> _commit;
    private readonly Action<Error> _refused;
    private readonly TimeSpan _retryDelay;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private Dictionary<TopicPartition, long> _waiting = [];
    private TaskCompletionSource _next = NewRound();
    private volatile bool _stopping;

    /// <param name="commit">Commits, waits for the reply, and throws where the group does not take it.</param>
    /// <param name="refused">Told of each refusal.</param>
    /// <param name="retryDelay">How long to wait before a commit is tried again that failed in passing.</param>
    public Committer(Action<IReadOnlyList<TopicPartitionOffset>> commit, Action<Error> refused, TimeSpan retryDelay)
    {
        (_commit, _refused, _retryDelay) = (commit, refused, retryDelay);
        _thread = new Thread(Run) { IsBackground = true, Name = "kafka commit" };
        _thread.Start();
    }

    /// <summary>Completes when the position, or a later one, is committed or refused.</summary>
    public async ValueTask CommitAsync(TopicPartition partition, long position, CancellationToken cancellationToken)
    {
        Task round;
        lock (_gate)
        {
            if (_stopping) return;

            _waiting[partition] = position;
            round = _next.Task;
        }

        _wake.Release();
        await round.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets what is waiting of a partition.</summary>
    public void Forget(TopicPartition partition)
    {
        lock (_gate) _waiting.Remove(partition);
    }

    /// <summary>Ends the thread; what is waiting is not committed.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Release();
        // A commit that waits for an absent broker ends when the consumer is closed.
        _thread.Join(JoinTimeout);
        _next.TrySetResult();
    }

    /// <summary>Whether the same commit may succeed later.</summary>
    internal static bool IsPassing(Error error) => error.Code is
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_WaitCoord or ErrorCode.Local_TimedOutQueue or ErrorCode.RequestTimedOut or
        ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup or ErrorCode.RebalanceInProgress;

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        while (true)
        {
            _wake.Wait();
            if (_stopping) return;

            var (positions, round) = TakeWaiting();
            if (positions.Count == 0 || Committed(positions)) round.TrySetResult();
            else if (!PutBack(positions, round)) return;
        }
    }

    private (List<TopicPartitionOffset> Positions, TaskCompletionSource Round) TakeWaiting()
    {
        lock (_gate)
        {
            var positions = _waiting.Select(pair => new TopicPartitionOffset(pair.Key, pair.Value)).ToList();
            var round = _next;
            (_waiting, _next) = ([], NewRound());
            return (positions, round);
        }
    }

    // True where the positions are done with: committed, or refused for good.
    private bool Committed(List<TopicPartitionOffset> positions)
    {
        try
        {
            _commit(positions);
            return true;
        }
        catch (KafkaException failure)
        {
            var error = failure is TopicPartitionOffsetException each ? each.Results.Select(result => result.Error).FirstOrDefault(error => error.IsError) ?? failure.Error : failure.Error;
            if (IsPassing(error)) return false;

            _refused(error);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    // Later positions that have come meanwhile win; those who wait for this round wait for the next one.
    private bool PutBack(List<TopicPartitionOffset> positions, TaskCompletionSource round)
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            foreach (var position in positions) _waiting.TryAdd(position.TopicPartition, position.Offset);
            next = _next;
        }

        next.Task.ContinueWith(_ => round.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _wake.Wait(_retryDelay);
        _wake.Release();
        return !_stopping;
    }
}
