using System.Diagnostics.Metrics;
using Grains.Streams;
using Grains.Streams.Cells;
using Grains.Streams.Pumps;
using Microsoft.Extensions.Time.Testing;

namespace Grains.Tests.Unit.Streams.Simulation;

/// <summary>One silo: the real cells, snapshot writer and cell server. When it dies another takes its place, with nothing in memory.</summary>
internal sealed class SimulatedSilo(Random random, SimulatedStorage storage, ProtocolRules rules, int number)
{
    // A call is full after a row or two, of the three cells that are taken together.
    private static readonly CellOptions Options = new() { SnapshotBatch = 3, SnapshotBatchBytes = 64 };

    private readonly FakeTimeProvider _time = new();

    public int Number { get; } = number;

    public CellHost<SimulatedState, SimulatedEvent> Host { get; private set; } = null!;

    public SnapshotWriter<SimulatedState, SimulatedEvent> Writer { get; private set; } = null!;

    public CellServer<SimulatedState, SimulatedEvent> Server { get; private set; } = null!;

    public SimulatedSilo Start()
    {
        Host = new CellHost<SimulatedState, SimulatedEvent>(_ => new SimulatedState(), () => random.NextInt64(), storage, storage, Options, _time, rules);
        Writer = new SnapshotWriter<SimulatedState, SimulatedEvent>(Host, storage, storage, Options, new StreamMetrics(new Meters(), _time));
        // Now and then it believes that a key is not its own.
        Server = new CellServer<SimulatedState, SimulatedEvent>(Host, _ => !storage.Faulty || random.NextDouble() < 0.97);
        return this;
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}

/// <summary>Another silo as a pump sees it: calls get lost, run late, run twice.</summary>
internal sealed class SimulatedWire(Random random, SimulatedSilo silo, SimulatedStorage storage, List<Func<Task>> late) : IRemoteCells<SimulatedEvent>
{
    public Task<CellReply[]> HelloAsync(PartitionId partition, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        storage.Faulty && random.NextDouble() < 0.05 ? throw new TimeoutException() : silo.Server.HelloAsync(partition, keys, cancellationToken).AsTask();

    public async Task<CellReply[]> ApplyAsync(PartitionId partition, IReadOnlyList<Chunk<SimulatedEvent>> chunks, CancellationToken cancellationToken)
    {
        var sent = chunks.Select(chunk => chunk with { Events = chunk.Events.ToArray() }).ToList();
        var chance = storage.Faulty ? random.NextDouble() : 1;
        if (chance < 0.08)
        {
            late.Add(() => silo.Server.ApplyAsync(partition, sent, CancellationToken.None).AsTask());
            throw new TimeoutException();
        }

        var replies = await silo.Server.ApplyAsync(partition, sent, cancellationToken);
        if (chance < 0.16) throw new TimeoutException();
        if (chance < 0.22) late.Add(() => silo.Server.ApplyAsync(partition, sent, CancellationToken.None).AsTask());
        return replies;
    }
}
