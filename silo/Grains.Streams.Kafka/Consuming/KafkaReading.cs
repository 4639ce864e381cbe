using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>Reads a topic for as long as the silo lives: one consumer after another, where one cannot go on.</summary>
internal sealed partial class KafkaReading : SessionHost, IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly KafkaStreamOptions _options;
    private readonly Func<IPartitionSource, PartitionRun> _read;
    private readonly Func<PartitionRun, CancellationToken, Task> _release;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly ILogger _log;
    private volatile KafkaSession? _session;
    private Exception? _failure;
    private bool _brokerAway;
    private bool _topicAway;

    public KafkaReading(
        KafkaStreamOptions options, Func<IPartitionSource, PartitionRun> read, Func<PartitionRun, CancellationToken, Task> release, KafkaMetrics metrics, TimeProvider time, ILogger log)
    {
        (_options, _read, _release, Time, _log) = (options, read, release, time, log);
        Metrics = metrics;
        _thread = new Thread(Run) { IsBackground = true, Name = $"kafka {options.Topic}" };
    }

    /// <summary>Completes when the end of a run with an end is reached, or after a stop; fails where reading cannot go on.</summary>
    public Task Completion => _completion.Task;

    public override ILogger Log => _log;

    public override TimeProvider Time { get; }

    public override KafkaMetrics Metrics { get; }

    public override CancellationToken Hurry => _hurry.Token;

    /// <summary>The partitions that this silo reads now.</summary>
    public IReadOnlyList<KafkaPartitionStatus> Partitions => [.. (_session?.Sources ?? []).Select(StatusOf).OrderBy(status => status.Partition)];

    public void Start() => _thread.Start();

    /// <summary>Stops reading; what was read is made durable and committed until the token says that it takes too long.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await using var hurry = cancellationToken.Register(_hurry.Cancel).ConfigureAwait(false);
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted)) return;

        // Leaving the group waits for the brokers. Where they do not answer, nobody waits for that beyond the token; the thread does not hold the process.
        await _completion.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override PartitionRun Read(KafkaPartitionSource source)
    {
        var run = _read(source);
        _ = run.Completion.ContinueWith(
            ended => Fail(ended.Exception!.GetBaseException()), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return run;
    }

    public override Task ReleaseAsync(PartitionRun run, CancellationToken deadline) => _release(run, deadline);

    public override void Fail(Exception failure)
    {
        _failure ??= failure;
        _stop.Cancel();
    }

    public override void NoteError(Error error)
    {
        // librdkafka tells every broken connection; that all brokers are away, and that one answers again, is what matters.
        if (error.Code is ErrorCode.Local_AllBrokersDown && !_brokerAway)
        {
            _brokerAway = true;
            LogBrokerAway(_options.BootstrapServers, error.Reason);
        }
    }

    public override void NoteTopic(bool there)
    {
        if (_brokerAway)
        {
            _brokerAway = false;
            LogBrokerBack(_options.BootstrapServers);
        }

        if (!there && !_topicAway) LogTopicAway(_options.Topic);
        _topicAway = !there;
    }

    public void Dispose()
    {
        Metrics.Dispose();
        _stop.Dispose();
        _hurry.Dispose();
    }

    private void Run()
    {
        try
        {
            ReadOn();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while there was nothing to read from.
        }
        catch (Exception failure)
        {
            _failure ??= failure;
        }

        _session = null;
        if (_failure is { } cause) _completion.TrySetException(cause);
        else _completion.TrySetResult();
    }

    private void ReadOn()
    {
        var classic = _options.GroupProtocol == KafkaGroupProtocol.Classic || (_options.GroupProtocol == KafkaGroupProtocol.Auto && _options.InstanceId is not null);
        var distrust = false;
        while (!_stop.IsCancellationRequested)
        {
            var topic = FindTopic();
            using var session = new KafkaSession(_options, topic, classic, distrust, this, _stop.Token);
            _session = session;
            var end = session.Serve();
            _session = null;
            distrust = end == SessionEnd.TopicReplaced;
            switch (end)
            {
                case SessionEnd.Finished or SessionEnd.Stopped:
                    return;
                case SessionEnd.NoConsumerProtocol when _options.GroupProtocol == KafkaGroupProtocol.Auto && !classic:
                    classic = true;
                    LogClassic();
                    break;
                case SessionEnd.NoConsumerProtocol:
                    throw new SourceException($"The brokers at {_options.BootstrapServers} do not have the group protocol 'consumer' (Kafka 4.0). Set GroupProtocol to Classic or Auto.");
                case SessionEnd.NameTaken:
                    LogNameTaken(_options.InstanceId!, _options.Group);
                    _stop.Token.WaitHandle.WaitOne(_options.RetryDelay);
                    break;
                case SessionEnd.Failed:
                    _stop.Token.WaitHandle.WaitOne(_options.RetryDelay);
                    break;
            }
        }
    }

    // Asks until there is an answer and a topic. The brokers may be started after the silo, and the topic made after both.
    private TopicFacts FindTopic()
    {
        using var admin = new AdminClientBuilder(ClientSettings.Admin(_options)).SetErrorHandler((_, error) => NoteError(error)).SetLogHandler((_, message) => ClientLog.Write(_log, message)).Build();
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            try
            {
                var facts = TopicFacts.AskAsync(admin, _options.Topic, AnswerTimeout).GetAwaiter().GetResult();
                NoteTopic(there: facts is not null);
                if (facts is { Partitions: > 0 } found) return found;
            }
            catch (KafkaException failure) when (IsHopeless(failure.Error.Code))
            {
                throw new SourceException($"Topic '{_options.Topic}' cannot be read: {failure.Error.Reason}. Give the user the right to describe and read it.", failure);
            }
            catch (KafkaException failure)
            {
                NoteError(new Error(ErrorCode.Local_AllBrokersDown, failure.Error.Reason));
            }

            _stop.Token.WaitHandle.WaitOne(_options.RetryDelay);
        }
    }

    private static bool IsHopeless(ErrorCode code) => code is ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TopicException;

    private KafkaPartitionStatus StatusOf(KafkaPartitionSource source)
    {
        var lag = source.Lag;
        var age = lag.Behind > 0 && source.Timestamp > 0 ? Time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(source.Timestamp) : TimeSpan.Zero;
        return new KafkaPartitionStatus(source.Partition.Partition, lag.Position, lag.End, source.Committed, source.Gone, age < TimeSpan.Zero ? TimeSpan.Zero : age);
    }

    [LoggerMessage(EventIds.BrokerAway, LogLevel.Warning, "No broker of {Brokers} answers ({Reason}). It is tried on; nothing is lost.")]
    private partial void LogBrokerAway(string brokers, string reason);

    [LoggerMessage(EventIds.BrokerBack, LogLevel.Information, "A broker of {Brokers} answers.")]
    private partial void LogBrokerBack(string brokers);

    [LoggerMessage(EventIds.TopicAway, LogLevel.Warning, "There is no topic '{Topic}'. Reading begins when there is.")]
    private partial void LogTopicAway(string topic);

    [LoggerMessage(EventIds.ClassicInstead, LogLevel.Information, "The brokers do not assign partitions (before Kafka 4.0): the members of the group do.")]
    private partial void LogClassic();

    [LoggerMessage(EventIds.NameTaken, LogLevel.Warning, "'{InstanceId}' of group '{Group}' is still held by a member that the brokers have not given up. It is tried again until they do; with GroupProtocol Auto or Classic the name is taken over at once.")]
    private partial void LogNameTaken(string instanceId, string group);
}
