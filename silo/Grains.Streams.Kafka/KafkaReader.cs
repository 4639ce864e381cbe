using System.Diagnostics.Metrics;
using Grains.Streams.Kafka.Consuming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka;

/// <summary>Reads a topic into a stream for as long as the host runs: starts the stream's engine, joins the group, and reads the partitions that the group gives to this silo.</summary>
/// <remarks>
/// At the stop, reading ends first, what was read becomes durable and is committed, then the engine ends; so it must be stopped before the storage and the silo's grains, that is, be registered after them.
/// Where reading cannot go on, the host is stopped and <see cref="Completion"/> says why.
/// </remarks>
public sealed class KafkaReader<TState, TEvent> : IHostedService, IDisposable
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    private readonly StreamEngine<TState, TEvent> _engine;
    private readonly KafkaReading _reading;
    private readonly IHostApplicationLifetime? _lifetime;

    /// <exception cref="ArgumentException">Settings are at fault; the message names all faults.</exception>
    public KafkaReader(StreamEngine<TState, TEvent> engine, KafkaStreamOptions options, TimeProvider time, IMeterFactory meters, ILoggerFactory logs, IHostApplicationLifetime? lifetime = null)
    {
        options.ThrowIfFaulty();
        (_engine, _lifetime) = (engine, lifetime);
        _reading = new KafkaReading(
            options, engine.Read, engine.ReleaseAsync, new KafkaMetrics(meters, options, time, () => Partitions), time, logs.CreateLogger("Grains.Streams.Kafka"));
    }

    /// <summary>Completes when a run with an end has read and kept everything, or after a stop; fails where reading cannot go on.</summary>
    public Task Completion => _reading.Completion;

    /// <summary>The partitions that this silo reads now.</summary>
    public IReadOnlyList<KafkaPartitionStatus> Partitions => _reading?.Partitions ?? [];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _engine.Start();
        _reading.Start();
        if (_lifetime is not null) _ = Completion.ContinueWith(_ => _lifetime.StopApplication(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _reading.StopAsync(cancellationToken).ConfigureAwait(false);
        await _engine.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();
}
