using Grains.Streams;

namespace Grains.Tests.Unit.Streams.Simulation;

/// <summary>One random schedule of everything that can happen, drawn from a seed: three silos, up to three readers of one partition, a storage and a wire that fail.</summary>
internal sealed class Schedule
{
    private const int Silos = 3;
    private const int Steps = 500;
    private const int QuietSteps = 400;
    private const int Readers = 3;

    private readonly Random _random;
    private readonly SimulatedLog _log;
    private readonly SimulatedStorage _storage;
    private readonly SimulatedSilo[] _silos;
    private readonly SimulatedWire[] _wires;
    private readonly List<Func<Task>> _lateCalls = [];
    private readonly List<SimulatedReader> _readers = [];
    private int[] _owners;
    private int _committed;
    private int _checked;

    private Schedule(int seed, ProtocolRules rules, bool comparesVersions, bool highestVersionWins)
    {
        _random = new Random(seed);
        _log = new SimulatedLog(_random, length: 60, keys: 3);
        _storage = new SimulatedStorage(_random) { ComparesVersions = comparesVersions, HighestVersionWins = highestVersionWins };
        _silos = [.. Enumerable.Range(0, Silos).Select(number => new SimulatedSilo(_random, _storage, rules, number).Start())];
        _wires = [.. _silos.Select(silo => new SimulatedWire(_random, silo, _storage, _lateCalls))];
        _owners = DrawOwners();
        AddReader();
    }

    /// <summary>Runs the schedule of a seed.</summary>
    /// <returns>What went wrong; null where nothing did.</returns>
    public static Task<string?> RunAsync(int seed, ProtocolRules? rules = null, bool comparesVersions = true, bool highestVersionWins = true) =>
        new Schedule(seed, rules ?? ProtocolRules.All, comparesVersions, highestVersionWins).RunAsync();

    private async Task<string?> RunAsync()
    {
        for (var step = 0; step < Steps; step++)
        {
            await StepAsync();
            if (Wrong() is { } wrong) return $"step {step}: {wrong}";
        }

        return await EndAsync();
    }

    private async Task StepAsync()
    {
        var chance = _random.NextDouble();
        if (chance < 0.50) await Any(_readers).StepAsync();
        else if (chance < 0.60) await CommitAsync(Any(_readers));
        else if (chance < 0.78) await Any(_silos).Writer.WriteRoundAsync(CancellationToken.None);
        else if (chance < 0.81) CloseOne(Any(_silos));
        else if (chance < 0.85) await RunLateCallAsync();
        else if (chance < 0.89) _storage.LandLateWrite();
        else if (chance < 0.91) Die(Any(_silos));
        else if (chance < 0.94) Any(_readers).Hear(_owners = DrawOwners());
        else if (chance < 0.97) AddReader();
        else if (_readers.Count > 1) _readers.Remove(Any(_readers));
    }

    // Nothing fails any more, one reader is left, and everybody knows who owns what: all must become durable and committed.
    private async Task<string?> EndAsync()
    {
        _storage.Faulty = false;
        while (_lateCalls.Count > 0) await RunLateCallAsync();
        var reader = _readers[^1];
        reader.Hear(_owners);
        for (var step = 0; step < QuietSteps && !(reader.IsDone && _committed == _log.Events.Length); step++)
        {
            await reader.StepAsync();
            foreach (var silo in _silos) await silo.Writer.WriteRoundAsync(CancellationToken.None);
            _committed = await reader.SettleAsync() ?? _committed;
            if (Wrong() is { } wrong) return $"at the quiet end: {wrong}";
        }

        if (_committed != _log.Events.Length) return $"the commit stays at {_committed} of {_log.Events.Length}; {reader.State}";

        var wrongKeys = _log.Keys.Where(key => _storage.Stored(key) != _log.Expected(key, _log.Events.Length)).ToList();
        return wrongKeys.Count == 0 ? null : $"the final numbers of {string.Join(", ", wrongKeys)} are wrong: {_storage.Stored(wrongKeys[0])} instead of {_log.Expected(wrongKeys[0], _log.Events.Length)}";
    }

    // At every moment the storage holds of each key exactly the events up to the row's own position.
    private string? Wrong()
    {
        if (_checked == _storage.Changes) return null;

        _checked = _storage.Changes;
        foreach (var key in _log.Keys)
        {
            var applied = _storage.Applied(key);
            if (_storage.Stored(key) != _log.Expected(key, applied)) return $"the storage of {key} is not what stands in the log up to {applied}: {_storage.Stored(key)} instead of {_log.Expected(key, applied)}";
        }

        return null;
    }

    private async Task CommitAsync(SimulatedReader reader)
    {
        if (await reader.SettleAsync() is not { } position) return;

        // A reader that lost the partition may take the commit back.
        _committed = _random.NextDouble() < 0.5 ? position : Math.Max(position, _committed);
    }

    private async Task RunLateCallAsync()
    {
        if (_lateCalls.Count == 0) return;

        var at = _random.Next(_lateCalls.Count);
        var call = _lateCalls[at];
        _lateCalls.RemoveAt(at);
        try
        {
            await call();
        }
        catch (Grains.Streams.Storage.SnapshotStorageException away) when (away.IsTransient)
        {
            // Nobody waits for it.
        }
    }

    // A silo dies with its cells and its readers; its successor has an empty memory.
    private void Die(SimulatedSilo silo)
    {
        _readers.RemoveAll(reader => reader.Home == silo);
        silo.Start();
        if (_readers.Count == 0) AddReader();
    }

    private void CloseOne(SimulatedSilo silo)
    {
        if (silo.Host.Find(Any(_log.Keys)) is { } cell) silo.Host.Close(cell);
    }

    private void AddReader()
    {
        if (_readers.Count < Readers) _readers.Add(new SimulatedReader(_random, _log, Any(_silos), _wires, _owners, _committed));
    }

    private int[] DrawOwners() => [.. Enumerable.Range(0, _log.Keys.Length).Select(_ => _random.Next(Silos))];

    private T Any<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];
}
