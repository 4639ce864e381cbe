using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Streams;

namespace Grains.Streams.Kafka.Provider;

/// <summary>A provider of one name in one process: what it is made of.</summary>
internal sealed partial class KafkaAdapterFactory : IQueueAdapterFactory, IQueueAdapterCache, IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly KafkaProviderOptions _options;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly bool _isSilo;
    private readonly RecordFormat _format;
    private readonly Dictionary<QueueId, PartitionCache> _caches = [];
    private readonly CancellationTokenSource _stop = new();
    private IProducer<byte[], byte[]>? _producer;
    private IAdminClient? _admin;
    private StreamingWatch? _watch;
    private PartitionQueues? _queues;
    private SiloSide? _silo;

    /// <exception cref="ArgumentException">Settings are at fault; the message names all faults.</exception>
    private KafkaAdapterFactory(string name, IServiceProvider services)
    {
        (_name, _services) = (name, services);
        _options = services.GetRequiredService<IOptionsMonitor<KafkaProviderOptions>>().Get(name);
        _options.ThrowIfFaulty();
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _logs = services.GetRequiredService<ILoggerFactory>();
        _log = _logs.CreateLogger("Grains.Streams.Kafka.Provider");
        _isSilo = services.GetService<ILocalSiloDetails>() is not null;
        _format = new RecordFormat(services.GetRequiredService<Serializer>(), _options.Decoder);
        if (_isSilo) ThrowIfBatched();
    }

    public static IQueueAdapterFactory Create(IServiceProvider services, string name) => new KafkaAdapterFactory(name, services);

    public Task<IQueueAdapter> CreateAdapter() => CreateAdapter(CancellationToken.None);

    /// <summary>Waits for the brokers and the topic: without its number of partitions no stream has a place.</summary>
    public async Task<IQueueAdapter> CreateAdapter(CancellationToken cancellationToken)
    {
        var config = ClientSettings.Producer(_options.Kafka);
        config.MessageTimeoutMs = (int)_options.SendTimeout.TotalMilliseconds;
        config.LingerMs = 1;
        _producer = new ProducerBuilder<byte[], byte[]>(config).SetErrorHandler(static (_, _) => { }).SetLogHandler((_, message) => ClientLog.Write(_log, message)).Build();
        _admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        var topic = await FindTopicAsync(_admin, cancellationToken).ConfigureAwait(false);
        _queues = new PartitionQueues(_name, topic);
        _ = WatchTopicAsync(_admin, _queues);
        if (!_isSilo) return new KafkaAdapter(_name, _options, _queues, _format, _producer, receivers: null);

        _watch = new StreamingWatch(_name);
        _silo = new SiloSide(
            _options, _queues, _format, _watch, partitions => new KafkaMetrics(_services.GetRequiredService<IMeterFactory>(), _options.Kafka, _time, partitions), _time, _logs);
        return new KafkaAdapter(_name, _options, _queues, _format, _producer, Receive);
    }

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => _queues ?? throw new InvalidOperationException("The adapter comes first.");

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler(false));

    /// <summary>Called right before the queue's receiver is made.</summary>
    public IQueueCache CreateQueueCache(QueueId queueId)
    {
        lock (_caches) return _caches[queueId] = new PartitionCache(PartitionQueues.TopicIdOf(queueId), PartitionQueues.PartitionOf(queueId), _format, _options, _silo!.CacheBytes);
    }

    private PartitionReceiver Receive(QueueId queue)
    {
        lock (_caches) return _silo!.Receive(_caches[queue]);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _watch?.Dispose();
        _silo?.Dispose();
        _admin?.Dispose();
        _producer?.Dispose();
    }

    // Deliveries of several containers in one call are told to caches by an interface that is internal to Orleans.
    private void ThrowIfBatched()
    {
        var batch = _services.GetRequiredService<IOptionsMonitor<Orleans.Configuration.StreamPullingAgentOptions>>().Get(_name).BatchContainerBatchSize;
        if (batch != 1) throw new ArgumentException($"KafkaProviderOptions '{_options.Kafka.Topic}': BatchContainerBatchSize of the pulling agent is {batch}; leave it at 1, and set EventsPerDelivery.");
    }

    private async Task<TopicFacts> FindTopicAsync(IAdminClient admin, CancellationToken cancellationToken)
    {
        for (var told = false; ; told = true)
        {
            var reason = "there is no such topic";
            try
            {
                if (await TopicFacts.AskAsync(admin, _options.Kafka.Topic, AnswerTimeout).ConfigureAwait(false) is { Partitions: > 0 } topic) return topic;
            }
            catch (KafkaException failure)
            {
                reason = failure.Error.Reason;
            }

            if (!told) LogTopicWaits(_name, _options.Kafka.Topic, _options.Kafka.BootstrapServers, reason);
            await Task.Delay(_options.Kafka.RetryDelay, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WatchTopicAsync(IAdminClient admin, PartitionQueues queues)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(_options.Kafka.TopicCheckInterval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (_stop.IsCancellationRequested || await TopicFacts.AskAsync(admin, _options.Kafka.Topic, AnswerTimeout).ConfigureAwait(false) is not { Partitions: > 0 } now || now == queues.Topic) continue;

                Become(queues, now);
            }
            catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
            {
                // The broker does not answer, or nobody asks any more: nothing is known.
            }
        }
    }

    private void Become(PartitionQueues queues, TopicFacts now)
    {
        var before = queues.Topic;
        if (now.Id != before.Id) LogTopicReplaced(_options.Kafka.Topic, before.Id, now.Id);
        // Brokers that have not heard yet answer with less.
        else if (now.Partitions <= before.Partitions) return;
        else LogPartitionsAdded(_options.Kafka.Topic, now.Partitions, before.Partitions);

        if (_silo is { } silo) silo.Become(now);
        else queues.Become(now);
    }

    [LoggerMessage(EventIds.StreamsTopicWaits, LogLevel.Warning, "Streams '{Name}' wait for topic '{Topic}' at {Brokers}: {Reason}. The silo's start waits with them.")]
    private partial void LogTopicWaits(string name, string topic, string brokers, string reason);

    [LoggerMessage(EventIds.StreamsPartitionsAdded, LogLevel.Warning, "Topic '{Topic}' has {Now} partitions now, and had {Known}. The added ones are read from their beginning. Streams that this process produces stay among the first {Known} until it is started again; those that move then, or that others already write to another partition, have no order between the two.")]
    private partial void LogPartitionsAdded(string topic, int now, int known);

    [LoggerMessage(EventIds.StreamsTopicReplaced, LogLevel.Warning, "Topic '{Topic}' was deleted and made again (id {OldId}, now {NewId}). The new one is delivered from its beginning; positions and tokens of the old one are not applied to it.")]
    private partial void LogTopicReplaced(string topic, string oldId, string newId);
}
