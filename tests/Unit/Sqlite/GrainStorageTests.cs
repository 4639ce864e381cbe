using System.Text;
using Grains.Storage.Sqlite;
using Grains.Streams.Storage;
using Grains.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Xunit;

namespace Grains.Tests.Unit.Sqlite;

/// <summary>The plain grain storage, and the adapter that makes snapshots of any grain storage, on top of it.</summary>
public sealed class GrainStorageTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly FaultyStorage _storage;
    private readonly GrainStorageSnapshots _snapshots;
    private readonly GrainId _grain = GrainId.Create("basket", "7");

    public GrainStorageTests()
    {
        var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        _database = SqliteDatabase.Open(new SqliteOptions { Path = _folder.File("test.db") });
        _storage = new FaultyStorage(new SqliteGrainStorage(
            _database, "grains", new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>()), services.GetRequiredService<IActivatorProvider>()));
        _snapshots = new GrainStorageSnapshots(_storage, "course");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_state_is_read_as_it_was_written_and_cleared()
    {
        var state = await ReadAsync();
        Assert.False(state.RecordExists);
        state.State = new StoredSnapshot { Payload = [1, 2, 3] };
        await _storage.WriteStateAsync("s", _grain, state);

        var again = await ReadAsync();
        Assert.True(again.RecordExists);
        Assert.Equal([1, 2, 3], again.State!.Payload);
        Assert.Equal(state.ETag, again.ETag);
        await _storage.ClearStateAsync("s", _grain, again);
        Assert.Null(again.ETag);
        Assert.Empty(again.State!.Payload);
        Assert.False((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task A_stale_ETag_is_refused_even_where_the_state_was_cleared_and_written_again()
    {
        var old = await ReadAsync();
        await _storage.WriteStateAsync("s", _grain, old);
        var other = await ReadAsync();
        await _storage.ClearStateAsync("s", _grain, other);
        await _storage.WriteStateAsync("s", _grain, other);
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", _grain, old));
        Assert.Equal((other.ETag, old.ETag), (error.StoredEtag, error.CurrentEtag));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("s", _grain, old));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", _grain, new GrainState<StoredSnapshot>(new StoredSnapshot())));
    }

    [Fact]
    public async Task Snapshots_are_written_by_compare_and_set()
    {
        Assert.Equal(WriteOutcome.Won, (await WriteAsync(0, 1)).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync(0, 2)).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync(4, 2)).Outcome);
        var second = await WriteAsync(1, 1);
        Assert.Equal(WriteOutcome.Won, second.Outcome);
        Assert.Equal(WriteOutcome.Won, (await WriteAsync(2, 1, second.Tag)).Outcome);
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync(2, 2, second.Tag)).Outcome);

        SnapshotRead[] reads = [new("a"), new("b")];
        await _snapshots.ReadAsync(reads, default);
        Assert.Equal((3, 1, "1"), (reads[0].Version, reads[0].Writer, Encoding.UTF8.GetString(reads[0].Payload.Span)));
        Assert.Equal((0, 0, null), (reads[1].Version, reads[1].Payload.Length, reads[1].Tag));
    }

    [Fact]
    public async Task A_lost_reply_is_settled_by_reading_back()
    {
        _storage.AfterWrite = () => throw new TimeoutException();
        var first = await WriteAsync(0, 1);
        Assert.Equal(WriteOutcome.Won, first.Outcome);
        _storage.AfterWrite = () => throw new InconsistentStateException("a retry inside the storage met its own first attempt");
        Assert.Equal(WriteOutcome.Won, (await WriteAsync(1, 1, first.Tag)).Outcome);
    }

    [Fact]
    public async Task A_write_that_broke_off_is_unknown_and_one_that_another_beat_is_lost()
    {
        _storage.BeforeWrite = () => throw new TimeoutException();
        Assert.Equal(WriteOutcome.Unknown, (await WriteAsync(0, 1)).Outcome);
        _storage.BeforeWrite = null;
        await WriteAsync(0, 2);
        _storage.BeforeWrite = () => throw new TimeoutException();
        Assert.Equal(WriteOutcome.Lost, (await WriteAsync(0, 1)).Outcome);
        _storage.BeforeWrite = () =>
        {
            _storage.BeforeRead = () => throw new TimeoutException();
            throw new TimeoutException();
        };
        Assert.Equal(WriteOutcome.Unknown, (await WriteAsync(1, 1, "stale")).Outcome);
    }

    [Fact]
    public async Task A_failed_read_is_told_and_a_scan_is_not_supported()
    {
        _storage.BeforeRead = () => throw new TimeoutException("too slow.");
        var error = await Assert.ThrowsAsync<SnapshotStorageException>(async () => await _snapshots.ReadAsync(new SnapshotRead[] { new("a") }, default));
        Assert.Equal("Read of snapshot 'a' from grain storage 'course' failed: too slow. The call can be repeated.", error.Message);
        Assert.Throws<NotSupportedException>(() => _snapshots.ScanAsync(default));
    }

    private async Task<GrainState<StoredSnapshot>> ReadAsync()
    {
        var state = new GrainState<StoredSnapshot>(new StoredSnapshot { Version = -1 });
        await _storage.ReadStateAsync("s", _grain, state);
        Assert.NotNull(state.State);
        return state;
    }

    private async Task<SnapshotWrite> WriteAsync(long expected, long writer, object? tag = null)
    {
        SnapshotWrite[] batch = [new("a", expected, writer, Encoding.UTF8.GetBytes($"{writer}"), tag)];
        await _snapshots.WriteAsync(batch, default);
        return batch[0];
    }

    private sealed class FaultyStorage(IGrainStorage inner) : IGrainStorage
    {
        public Action? BeforeRead { get; set; }

        public Action? BeforeWrite { get; set; }

        public Action? AfterWrite { get; set; }

        public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            BeforeRead?.Invoke();
            await inner.ReadStateAsync(stateName, grainId, grainState);
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            BeforeWrite?.Invoke();
            await inner.WriteStateAsync(stateName, grainId, grainState);
            AfterWrite?.Invoke();
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
    }
}
