using System.Collections.Concurrent;
using Confluent.Kafka;
using Grains.Streams.Kafka.Native;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>The life of one consumer: from joining the group to leaving it.</summary>
/// <remarks>
/// One thread serves the consumer: the group calls its handlers there, and only there, and it is held up as long as a partition takes to be released, so that the next owner begins where this one has ended.
/// Records do not come that way: each partition has a queue of its own, which its reader empties.
/// </remarks>
internal sealed partial class KafkaSession : ITopicConsumer, IDisposable
{
    private static readonly TimeSpan ServeInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly KafkaStreamOptions _options;
    private readonly TopicFacts _topic;
    private readonly SessionHost _host;
    private readonly ILogger _log;
    private readonly CancellationToken _stop;
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly IAdminClient _admin;
    private readonly Committer _committer;
    private readonly Librdkafka? _library;
    private readonly nint _native;
    private readonly long _share;
    private readonly Lock _consuming = new();
    private readonly Lock _assigning = new();
    private readonly ConcurrentDictionary<TopicPartition, Reading> _readings = new();
    private readonly HashSet<int> _untrusted;
    private readonly ConcurrentDictionary<ErrorCode, long> _told = new();
    private volatile SessionEndBox? _end;

    public KafkaSession(KafkaStreamOptions options, TopicFacts topic, bool classic, bool distrustCommitted, SessionHost host, CancellationToken stop)
    {
        (_options, _topic, _host, _log, _stop) = (options, topic, host, host.Log, stop);
        _untrusted = distrustCommitted ? [.. Enumerable.Range(0, topic.Partitions)] : [];
        _share = options.MemoryBytes / Math.Max(1, topic.Partitions) / 2;
        _consumer = new ConsumerBuilder<Ignore, byte[]>(ClientSettings.Consumer(options, classic || options.Once, topic.Partitions))
            .SetErrorHandler((_, error) => NoteError(error))
            .SetLogHandler((_, message) => ClientLog.Write(_log, message))
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => Lost(partitions))
            .Build();
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        _committer = new Committer(Commit, NoteRefusedCommit, options.RetryDelay);
        _library = options.BatchCalls ? Librdkafka.TryFind(_consumer.Handle, _consumer.Name, out _native, out var whyNot) : Librdkafka.None("BatchCalls is false", out _native, out whyNot);
        if (_library is null) LogConsumeInstead(whyNot);
    }

    public TimeProvider Time => _host.Time;

    public KafkaMetrics Metrics => _host.Metrics;

    public TimeSpan ShortDelay { get; } = TimeSpan.FromMilliseconds(100);

    public IEnumerable<KafkaPartitionSource> Sources => _readings.Values.Select(reading => reading.Source);

    /// <summary>Serves the consumer until the silo stops or it cannot go on.</summary>
    public SessionEnd Serve()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var watch = Task.Run(() => WatchTopicAsync(ending.Token), CancellationToken.None);
        Join();
        while (_end is null && !_stop.IsCancellationRequested)
        {
            ServeOnce();
            if (_options.Once && !_readings.IsEmpty && _readings.Values.All(reading => reading.Run.Completion.IsCompleted)) End(SessionEnd.Finished);
        }

        ending.Cancel();
        Leave();
        watch.Wait(RequestTimeout, CancellationToken.None);
        return _end?.Reason ?? SessionEnd.Stopped;
    }

    public void Dispose()
    {
        _committer.Dispose();
        _admin.Dispose();
        _consumer.Dispose();
    }

    private void Join()
    {
        LogJoined(_options.Topic, _topic.Id, _topic.Partitions, _options.Group);
        if (!_options.Once)
        {
            _consumer.Subscribe(_options.Topic);
            return;
        }

        var partitions = Enumerable.Range(0, _topic.Partitions).Select(partition => new TopicPartition(_options.Topic, partition)).ToList();
        var starts = Assigned(partitions).ToList();
        if (!_stop.IsCancellationRequested) _consumer.Assign(starts);
    }

    private void Leave()
    {
        try
        {
            // The group's handlers are called in here.
            if (_options.Once && _end?.Reason != SessionEnd.Finished) Revoked([.. _readings.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))]);
            if (!_options.Once && _options.InstanceId is not null && _end is null) Unsubscribe();
            _consumer.Close();
        }
        catch (KafkaException failure)
        {
            NoteError(failure.Error);
        }

        if (_end?.Reason == SessionEnd.Finished) return;

        // Whatever the group did not call for, as after a fatal error.
        Lost([.. _readings.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))]);
        LogLeft(_options.Topic, _options.Group);
    }

    // A member with a name that closes does not leave: its partitions would wait for its return until the session ends. One that unsubscribes does.
    private void Unsubscribe()
    {
        _consumer.Unsubscribe();
        var began = Time.GetTimestamp();
        do ServeOnce();
        while (!_readings.IsEmpty && Time.GetElapsedTime(began) < _options.ReleaseTimeout);

        // The word that it leaves is on its way only now.
        ServeOnce();
    }

    private void ServeOnce()
    {
        try
        {
            if (_library is not null) _consumer.Consume(ServeInterval);
            else ConsumeManaged();
        }
        catch (ConsumeException failure) when (failure.Error.Code == ErrorCode.Local_AutoOffsetReset && _readings.TryGetValue(failure.ConsumerRecord.TopicPartition, out var reading))
        {
            reading.Managed?.Add(failure.ConsumerRecord.Offset, null, RdMessage.OffsetOutOfReach);
        }
        catch (KafkaException failure)
        {
            NoteError(failure.Error);
        }
    }

    private void End(SessionEnd reason) => _end ??= new SessionEndBox(reason);

    private void NoteError(Error error)
    {
        if (error.IsFatal || error.Code is ErrorCode.FencedInstanceId or ErrorCode.Local_Fatal)
        {
            EndBy(error);
            return;
        }

        _host.NoteError(error);
    }

    private void EndBy(Error error)
    {
        switch (error.Code)
        {
            case ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion:
                End(SessionEnd.NoConsumerProtocol);
                break;
            case ErrorCode.UnreleasedInstanceId:
                End(SessionEnd.NameTaken);
                break;
            case ErrorCode.FencedInstanceId:
                _host.Fail(new SourceException(
                    $"Reading topic '{_options.Topic}' as '{_options.InstanceId}' of group '{_options.Group}' was ended: another process has joined under that name. Give each silo a name of its own (InstanceId)."));
                End(SessionEnd.Stopped);
                break;
            default:
                LogSessionFailed(_options.Topic, error.Code, error.Reason);
                End(SessionEnd.Failed);
                break;
        }
    }

    private async Task WatchTopicAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_options.TopicCheckInterval, Time, ending).ConfigureAwait(false);
                await CheckTopicAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // True where the topic is still the one that is read.
    private async Task<bool> CheckTopicAsync()
    {
        try
        {
            var now = await TopicFacts.AskAsync(_admin, _options.Topic, RequestTimeout).ConfigureAwait(false);
            _host.NoteTopic(there: now is not null);
            if (now is not { } facts) return false;
            if (facts.Id == _topic.Id) return true;

            // Order matters: nothing of the old topic is committed under the new one's name.
            foreach (var reading in _readings.Values) reading.Source.Lose();
            LogTopicReplaced(_options.Topic, _topic.Id, facts.Id);
            End(SessionEnd.TopicReplaced);
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            // The broker does not answer, or nobody asks any more: nothing is known.
        }

        return false;
    }

    private sealed record SessionEndBox(SessionEnd Reason);

    private sealed record Reading(KafkaPartitionSource Source, PartitionRun Run, ManagedQueue? Managed);
}
