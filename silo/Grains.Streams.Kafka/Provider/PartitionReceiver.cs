using Confluent.Kafka;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>Brings the records of one partition into its cache, tells Orleans of the streams that have some, and commits what the cache is done with.</summary>
/// <remarks>All of it runs on the scheduler of the partition's agent, but for the questions to the brokers.</remarks>
internal sealed partial class PartitionReceiver(PartitionCache cache, SiloSide silo) : IQueueAdapterReceiver, IDisposable
{
    private const string Undecodable = "undecodable";
    private const string Undelivered = "undeliverable";

    private readonly ILogger _log = silo.Log;
    private readonly int _partition = cache.Partition;
    private readonly Inbox _inbox = new(silo.InboxBytes);
    private Inbox _history = new(silo.InboxBytes);
    private readonly CancellationTokenSource _stop = new();
    private readonly PartitionInstruments _instruments = silo.Metrics.Of(new TopicPartition(silo.Options.Kafka.Topic, cache.Partition));
    private Task _start = Task.CompletedTask;
    private Task _commit = Task.CompletedTask;
    private PartitionStart? _found;
    private bool _commitsStart;
    private long _asked = -1;
    private long _committedAt;
    private long _nudgedAt;
    private bool _started;

    public long Committed { get; private set; }

    public long Gone { get; private set; }

    public PartitionCache Cache => cache;

    private bool IsPresent => silo.IsPresent(cache.TopicId);

    public Task Initialize(TimeSpan timeout)
    {
        cache.Undeliverable = Undeliverable;
        cache.Foreign = (stream, token, first) => LogForeignToken(stream.ToString(), token, _partition, silo.Options.Kafka.Topic, first.Offset);
        cache.BeyondEnd = (stream, first) => LogTokenBeyondEnd(stream.ToString(), silo.Options.Kafka.Topic, _partition, first.Offset);
        // The brokers may be away for long; Orleans asks once. So this returns at once, and reading begins when they are there.
        _start = Task.Run(FindStartAsync);
        return Task.CompletedTask;
    }

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken) => Task.FromResult(Pull(maxCount));

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    /// <summary>Another silo takes the partition, or this one stops: what is done with is committed.</summary>
    public async Task Shutdown(TimeSpan timeout)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _start.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        silo.Forget(this);
        if (!_started)
        {
            Dispose();
            return;
        }

        // Order matters: the cursors are gone by now, and only what was done with before they went may be committed.
        using var deadline = new CancellationTokenSource(silo.Options.Kafka.ReleaseTimeout, silo.Time);
        await _commit.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CommitAsync(cache.Durable, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Dispose();
        if (IsPresent) LogStopped(_partition, silo.Options.Kafka.Topic, cache.Durable, cache.Records);
        else NoteTopicGone();
    }

    public void Dispose() => _stop.Dispose();

    private async Task FindStartAsync()
    {
        // Order matters: the group's position is asked for again when the brokers were away, the trust in it once.
        var isUntrusted = silo.IsUntrusted(LogId.Of(cache.TopicId, _partition));
        var isAdded = silo.IsAdded(_partition);
        _commitsStart = isUntrusted || isAdded;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _found = silo.Live.StartOf(_partition, !isUntrusted, _commitsStart ? KafkaStart.Beginning : silo.Options.Kafka.StartAt);
                return;
            }
            catch (KafkaException failure)
            {
                LogStartWaits(_partition, silo.Options.Kafka.Topic, failure.Error.Reason);
                await Task.Delay(silo.Options.Kafka.RetryDelay, silo.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private IList<IBatchContainer> Pull(int maxCount)
    {
        // Of a topic that is gone nothing is read any more; Orleans is about to stop this.
        if (!IsPresent || (!_started && !TryBegin())) return [];

        silo.Watch.Serve(cache);
        var activity = new Dictionary<StreamId, EventPosition>();
        Drain(Math.Min(maxCount, cache.Room), activity);
        ReadHistory(activity);
        cache.Sweep();
        CommitWhenDue();
        Nudge(activity);
        return [.. activity.Select(stream => new Activity(stream.Key, stream.Value))];
    }

    private bool TryBegin()
    {
        if (_found is not { } start) return false;

        if (start.Gone > 0) NoteGone(start.Gone, start.Position);
        if (start.BeyondEnd is { } position) LogBeyondEnd(_partition, silo.Options.Kafka.Topic, start.High, position);
        cache.Begin(start.Position, start.High);
        Committed = start.Position;
        silo.Live.Assign(_partition, start.Position, _inbox);
        // What is committed may be of the topic before, or there is nothing, and a later start would begin where StartAt says.
        if (_commitsStart) _commit = SendAsync(start.Position, _stop.Token);
        LogStarted(_partition, silo.Options.Kafka.Topic, start.Position, start.High);
        return _started = true;
    }

    private void Drain(int room, Dictionary<StreamId, EventPosition> activity)
    {
        var (records, bytes) = (0, 0L);
        for (; room > 0 && _inbox.TryTake(out var result); room--)
        {
            if (result.IsPartitionEOF)
            {
                cache.Passed(result.Offset.Value);
                continue;
            }

            // Read again after an interruption of the reader.
            if (result.Offset.Value < cache.High) continue;

            records++;
            bytes += result.Message.Value?.Length ?? 0;
            if (silo.Format.Read(result, out var reason) is { } record) activity.TryAdd(cache.Add(record).Stream, record.First);
            else
            {
                if (reason is not null) Refuse(result.Offset.Value, Undecodable, reason, result.Message.Value);
                cache.Passed(result.Offset.Value + 1);
            }
        }

        if (records > 0) _instruments.Read(records, bytes);
    }

    private void ReadHistory(Dictionary<StreamId, EventPosition> activity)
    {
        var pass = cache.History;
        if (pass.Look() is { } from)
        {
            LogPass(_partition, silo.Options.Kafka.Topic, from, cache.High);
            // A new one: what is still under way is of the pass before.
            _history = new Inbox(silo.InboxBytes);
            silo.History.Assign(_partition, from, _history);
        }
        else if (!pass.IsUnderWay)
        {
            return;
        }

        var next = pass.Next;
        for (var room = cache.HistoryRoom; room > 0 && _history.TryTake(out var result); room--)
        {
            next = result.IsPartitionEOF ? result.Offset.Value : result.Offset.Value + 1;
            if (!result.IsPartitionEOF && silo.Format.Read(result, out _) is { } record && cache.AddHistory(record)) activity.TryAdd(record.Stream, record.First);
        }

        // Only of what is new: a stream that is told of makes Orleans ask again at once.
        foreach (var line in pass.Reached(next)) if (line.First is { } first) activity.TryAdd(line.Stream, first);
        if (!pass.IsUnderWay) silo.History.Unassign(_partition);
    }

    // Streams that Orleans could not register, or has given up, with records that wait.
    private void Nudge(Dictionary<StreamId, EventPosition> activity)
    {
        if (silo.Time.GetElapsedTime(_nudgedAt) < silo.Options.Kafka.RetryDelay) return;

        _nudgedAt = silo.Time.GetTimestamp();
        foreach (var line in cache.Unclaimed()) if (line.First is { } first) activity.TryAdd(line.Stream, first);
    }

    private void CommitWhenDue()
    {
        if (!_commit.IsCompleted || cache.Durable <= Committed || cache.Durable == _asked || silo.Time.GetElapsedTime(_committedAt) < silo.Options.CommitInterval) return;

        _committedAt = silo.Time.GetTimestamp();
        _asked = cache.Durable;
        _commit = CommitAsync(_asked, _stop.Token);
    }

    private async Task CommitAsync(long position, CancellationToken cancellationToken)
    {
        if (position <= Committed) return;

        await SendAsync(position, cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(long position, CancellationToken cancellationToken)
    {
        // Order matters: what is passed over is kept elsewhere before its position is given up.
        await silo.Letters.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!IsPresent) return;

        await silo.Committer.CommitAsync(new TopicPartition(silo.Options.Kafka.Topic, _partition), position, cancellationToken).ConfigureAwait(false);
        Committed = position;
    }

    private void Undeliverable(EventSlice slice)
    {
        foreach (var record in slice.Records)
        {
            var payload = record.Payload ?? record.Decoded as byte[];
            Refuse(record.Offset, Undelivered, $"undeliverable: a consumer of {record.Stream} failed for {silo.Options.DeliveryLimit}", payload);
            LogUndeliverable(record.Stream.ToString(), record.Offset, _partition, silo.Options.Kafka.Topic, silo.Options.DeliveryLimit);
        }
    }

    private void Refuse(long offset, string kind, string reason, byte[]? value)
    {
        silo.Metrics.Refused(_partition, kind);
        silo.Letters.Add(new PartitionId($"kafka:{cache.TopicId}", _partition), offset, reason, value);
    }

    // Its log is gone, and with it what was read and not delivered, and what was not read, of which nobody knows.
    private void NoteTopicGone()
    {
        if (cache.Records > 0) _instruments.Gone(cache.Records);
        LogTopicGone(_partition, silo.Options.Kafka.Topic, cache.TopicId, cache.Durable, cache.Records);
    }

    public void NoteGone(long records, long position)
    {
        Gone += records;
        _instruments.Gone(records);
        LogRecordsGone(_partition, silo.Options.Kafka.Topic, records, position);
    }
}
