using Grains.Streams;
using Grains.Streams.Pumps;
using Grains.Streams.Storage;

namespace Grains.Tests.Unit.Streams.Simulation;

/// <summary>The real pump of the log's partition, on one silo, with a reader that may long have lost the partition and not know it.</summary>
internal sealed class SimulatedReader : ICellRoutes<SimulatedEvent>, IDeadLetters
{
    private static readonly PartitionId Partition = new("simulated", 0);

    private readonly Random _random;
    private readonly SimulatedLog _log;
    private readonly IRemoteCells<SimulatedEvent>?[] _silos;
    private readonly PartitionPump<SimulatedState, SimulatedEvent> _pump;
    private int _position;
    private int[] _owners;

    public SimulatedReader(Random random, SimulatedLog log, SimulatedSilo home, IRemoteCells<SimulatedEvent>[] silos, int[] owners, int committed)
    {
        (_random, _log, _owners, _position, Home) = (random, log, owners, committed, home);
        _silos = [.. silos.Select((silo, number) => number == home.Number ? null : silo)];
        _pump = new PartitionPump<SimulatedState, SimulatedEvent>(Partition, new SimulatedLog.Decoder(), home.Host, this, this);
        _pump.Begin(committed);
    }

    public SimulatedSilo Home { get; }

    public int Version { get; private set; }

    public bool IsDone => _position == _log.Events.Length && _pump is { UndurableKeys: 0, DeferredKeys: 0 };

    public string State => $"position {_position}, undurable keys {_pump.UndurableKeys}, deferred keys {_pump.DeferredKeys}";

    public IRemoteCells<SimulatedEvent>? RouteOf(string key) => _silos[_owners[Array.IndexOf(_log.Keys, key)]];

    /// <summary>It hears that other silos own the keys now.</summary>
    public void Hear(int[] owners)
    {
        _owners = owners;
        Version++;
    }

    /// <summary>Reads on, and delivers what it has.</summary>
    public async Task StepAsync()
    {
        try
        {
            if (!await _pump.DeliverAsync(CancellationToken.None)) return;

            // Not always at once: what the pump learns while it asks what is durable, it tells after the next poll.
            if (_random.NextDouble() < 0.8 && _pump.TakeRewind(out var position)) _position = (int)position;
            for (var count = _random.Next(1, 5); count > 0 && _position < _log.Events.Length; count--, _position++) _pump.Record(_position, _log.Record(_position));
            await _pump.DeliverAsync(CancellationToken.None);
        }
        catch (SnapshotStorageException away) when (away.IsTransient)
        {
            // What was handed in stays in the pump.
        }
    }

    /// <summary>What it would commit now; null where it cannot tell.</summary>
    public async Task<int?> SettleAsync()
    {
        try
        {
            return (int)await _pump.SettleAsync(CancellationToken.None);
        }
        catch (SnapshotStorageException away) when (away.IsTransient)
        {
            return null;
        }
    }

    public void Add(PartitionId partition, long position, string reason, ReadOnlySpan<byte> record) => throw new InvalidOperationException("The simulated log has no bad records.");

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
