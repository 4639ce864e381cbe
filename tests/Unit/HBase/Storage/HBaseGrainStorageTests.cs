using System.Text.Json;
using Grains.Storage.HBase;
using Grains.Testing.HBase;
using HBase.Client;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization.Activators;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Xunit;

namespace Grains.Tests.Unit.HBase.Storage;

/// <summary>States of grains on the fake cluster: ETags decide, and a lost answer is settled.</summary>
public sealed class HBaseGrainStorageTests : IAsyncDisposable
{
    private static readonly GrainId Id = GrainId.Create("counter", "112");

    private readonly FakeCluster _cluster = new(servers: 2);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HBaseDatabase _database;
    private readonly HBaseGrainStorage _storage;

    public HBaseGrainStorageTests()
    {
        _database = new HBaseDatabase(new HBaseStorageOptions { Client = new HBaseClientOptions { Masters = _cluster.Masters, CallTimeout = TimeSpan.FromSeconds(10) }, Regions = 2 }, _time);
        _storage = new HBaseGrainStorage(_database, "x", new Json(), new Activators());
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_state_is_written_read_and_cleared()
    {
        var state = new GrainState<Counter>(new Counter { Value = 5 });
        await _storage.WriteStateAsync("s", Id, state);
        var read = await ReadAsync();
        Assert.Equal((5, true, state.ETag), (read.State!.Value, read.RecordExists, read.ETag));

        await _storage.ClearStateAsync("s", Id, read);
        var cleared = await ReadAsync();
        Assert.Equal((0, false), (cleared.State!.Value, cleared.RecordExists));

        cleared.State!.Value = 6;
        await _storage.WriteStateAsync("s", Id, cleared);
        Assert.Equal((6, true), ((await ReadAsync()).State!.Value, (await ReadAsync()).RecordExists));
    }

    [Fact]
    public async Task An_old_ETag_and_a_missing_one_are_refused()
    {
        var first = new GrainState<Counter>(new Counter { Value = 1 });
        await _storage.WriteStateAsync("s", Id, first);
        var second = await ReadAsync();
        await _storage.WriteStateAsync("s", Id, second);

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", Id, first));
        Assert.Equal(second.ETag, error.StoredEtag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", Id, new GrainState<Counter>(new Counter())));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", Id, new GrainState<Counter>(new Counter()) { ETag = "not hexadecimal" }));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("s", Id, first));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_has_succeeded_if_its_ETag_is_there()
    {
        var state = new GrainState<Counter>(new Counter { Value = 1 });
        await _storage.WriteStateAsync("s", Id, state);
        var lost = 1;
        _cluster.Script = request => request.Method == "Mutate" && lost-- > 0 ? FakeFault.LoseReply() : null;
        state.State!.Value = 2;

        await _time.DriveAsync(_storage.WriteStateAsync("s", Id, state));
        state.State!.Value = 3;
        await _storage.WriteStateAsync("s", Id, state);

        Assert.Equal(3, (await ReadAsync()).State!.Value);
    }

    [Fact]
    public async Task A_write_that_nobody_answered_says_that_its_outcome_is_unknown()
    {
        var state = new GrainState<Counter>(new Counter { Value = 1 });
        await _storage.WriteStateAsync("s", Id, state);
        _cluster.Script = static request => request.Method == "Mutate" ? FakeFault.LoseRequest() : null;

        var error = await Assert.ThrowsAsync<HBaseException>(() => _time.DriveAsync(_storage.WriteStateAsync("s", Id, state)));

        Assert.Equal(HBaseFailure.OutcomeUnknown, error.Failure);
    }

    private async Task<GrainState<Counter>> ReadAsync()
    {
        var state = new GrainState<Counter>();
        await _storage.ReadStateAsync("s", Id, state);
        return state;
    }

    public sealed class Counter
    {
        public int Value { get; set; }
    }

    private sealed class Json : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

        public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span)!;
    }

    private sealed class Activators : IActivatorProvider
    {
        public IActivator<T> GetActivator<T>() => new Activator<T>();

        private sealed class Activator<T> : IActivator<T>
        {
            public T Create() => System.Activator.CreateInstance<T>();
        }
    }
}
