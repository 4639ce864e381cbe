using Confluent.Kafka;

namespace Grains.Streams.Kafka.Consuming;

/// <content>What happens to partitions: assigned, revoked, lost, moved, committed.</content>
internal sealed partial class KafkaSession
{
    public long EndOf(TopicPartition partition)
    {
        try
        {
            return Math.Max(0, _consumer.GetWatermarkOffsets(partition).High.Value);
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            return 0;
        }
    }

    public async ValueTask<(long Low, long High)?> BoundsAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        // Order matters: a topic made again may have any bounds.
        if (!await CheckTopicAsync().ConfigureAwait(false)) return null;

        try
        {
            var bounds = await Task.Run(() => _consumer.QueryWatermarkOffsets(partition, RequestTimeout), cancellationToken).ConfigureAwait(false);
            return (bounds.Low.Value, bounds.High.Value);
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            return null;
        }
    }

    public bool TryReassign(TopicPartition partition, long position)
    {
        // While the group moves partitions, an assignment of ours would be taken for the answer to it.
        if (!_assigning.TryEnter()) return false;

        try
        {
            if (_consumer.Assignment.Contains(partition)) _consumer.IncrementalUnassign([partition]);
            _consumer.IncrementalAssign([new TopicPartitionOffset(partition, position)]);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
        finally
        {
            _assigning.Exit();
        }
    }

    public ValueTask CommitAsync(TopicPartition partition, long position, CancellationToken cancellationToken) => _committer.CommitAsync(partition, position, cancellationToken);

    public void NoteGone(TopicPartition partition, long records, long goesOnAt) => LogRecordsGone(partition.Topic, partition.Partition, records, goesOnAt);

    public void NoteBeyondEnd(TopicPartition partition, long position, long end) => LogBeyondEnd(partition.Topic, partition.Partition, position, end);

    public void NotePartitionError(TopicPartition partition, ErrorCode error)
    {
        var now = Time.GetTimestamp();
        var last = _told.GetOrAdd(error, static (_, now) => now - 1, now);
        if (last != now - 1 && Time.GetElapsedTime(last, now) < TimeSpan.FromSeconds(30)) return;

        _told[error] = now;
        LogPartitionError(partition.Topic, partition.Partition, error);
    }

    // Called by the group on the serving thread. Whatever it returns is where librdkafka begins to fetch.
    private IEnumerable<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        var since = Time.GetTimestamp();
        using var span = Metrics.Trace("assign");
        lock (_assigning)
        {
            var starts = StartsOf(partitions);
            foreach (var start in starts) Begin(start);
            LogAssigned(_options.Topic, Numbers(partitions));
            Metrics.Rebalanced("assigned");
            Metrics.Operated("assign", since, null);
            return starts.Select(start => new TopicPartitionOffset(start.Partition, start.Position));
        }
    }

    private void Begin(PartitionStart start)
    {
        var managed = _library is null ? new ManagedQueue(_consumer, start.Partition, _share, _consuming) : null;
        IRecordQueue queue = managed is null ? new NativeQueue(_library!, _native, _consumer, start.Partition) : managed;
        var source = new KafkaPartitionSource(this, queue, _topic.Id, start.Partition, start.Position, start.End);
        if (start.Gone > 0) source.NoteGone(start.Gone, start.Position);
        if (start.BeyondEnd is { } committed) NoteBeyondEnd(start.Partition, committed, start.High);
        _readings[start.Partition] = new Reading(source, _host.Read(source), managed);
    }

    private void Revoked(List<TopicPartitionOffset> partitions)
    {
        using var patience = new CancellationTokenSource(_options.ReleaseTimeout, Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _host.Hurry);
        Release("revoked", partitions, deadline.Token);
    }

    private void Lost(List<TopicPartitionOffset> partitions)
    {
        foreach (var partition in partitions)
        {
            if (_readings.TryGetValue(partition.TopicPartition, out var reading)) reading.Source.Lose();
            _committer.Forget(partition.TopicPartition);
        }

        Release("lost", partitions, new CancellationToken(canceled: true));
    }

    // Holds up the serving thread, and with it the group, until the readers have ended.
    private void Release(string kind, List<TopicPartitionOffset> partitions, CancellationToken deadline)
    {
        var since = Time.GetTimestamp();
        using var span = Metrics.Trace("revoke");
        lock (_assigning)
        {
            var leaving = new List<Reading>();
            foreach (var partition in partitions)
            {
                if (_readings.TryRemove(partition.TopicPartition, out var reading)) leaving.Add(reading);
            }

            if (leaving.Count == 0) return;

            // Without its lock: a reader that goes back while it drains needs it.
            var entered = _consuming.IsHeldByCurrentThread;
            if (entered) _consuming.Exit();
            Task.WhenAll(leaving.Select(reading => _host.ReleaseAsync(reading.Run, deadline))).GetAwaiter().GetResult();
            if (entered) _consuming.Enter();

            Metrics.Rebalanced(kind);
            Metrics.Operated("revoke", since, deadline.IsCancellationRequested ? "timeout" : null);
            if (kind == "lost") LogLost(_options.Topic, leaving.Count);
            else LogRevoked(_options.Topic, leaving.Count, Time.GetElapsedTime(since).TotalMilliseconds);
        }
    }

    private void ConsumeManaged()
    {
        lock (_consuming)
        {
            // Whatever is there, then the lock is free for those who seek.
            for (var taken = 0; taken < 1000 && _consumer.Consume(TimeSpan.Zero) is { } record; taken++)
            {
                if (!_readings.TryGetValue(record.TopicPartition, out var reading)) continue;

                if (record.IsPartitionEOF) reading.Managed!.Add(record.Offset, null, Native.RdMessage.PartitionEnd);
                else reading.Managed!.Add(record.Offset, record.Message.Value, 0);
            }
        }

        // One thread alone may serve the consumer, so it waits here; this way is the slow one anyway.
        _stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
    }

    private void Commit(IReadOnlyList<TopicPartitionOffset> positions)
    {
        var since = Time.GetTimestamp();
        using var span = Metrics.Trace("commit");
        try
        {
            _consumer.Commit(positions);
            Metrics.Operated("commit", since, null);
        }
        catch (KafkaException failure)
        {
            Metrics.Operated("commit", since, failure.Error.Code.ToString());
            throw;
        }
    }

    private void NoteRefusedCommit(Error error) => LogCommitRefused(_options.Topic, error.Code, error.Reason);

    private static string Numbers(IEnumerable<TopicPartition> partitions) => string.Join(", ", partitions.Select(partition => partition.Partition.Value).Order());
}
