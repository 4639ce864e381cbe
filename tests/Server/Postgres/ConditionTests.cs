using System.Collections.Concurrent;
using Grains.Storage.Postgres;
using Grains.Streams.Storage;
using Orleans.Storage;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>Writes of many silos to one row: of each version there is one.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ConditionTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Writers = 16;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_first_writes_of_a_row_one_wins()
    {
        const int Keys = 100;
        var connection = await server.CreateDatabaseAsync();
        var (won, lost) = (new ConcurrentDictionary<string, long>(), 0);
        await Task.WhenAll(Enumerable.Range(1, Writers).Select(writer => Task.Run(async () =>
        {
            await using var database = Databases.Open(connection, 4);
            var writes = Enumerable.Range(0, Keys).Select(key => new SnapshotWrite($"key {key}", 0, writer, default, null)).ToArray();
            await new PostgresSnapshots(database.Database, "course").WriteAsync(writes, Cancel);
            foreach (var write in writes)
            {
                if (write.Outcome == WriteOutcome.Won) Assert.True(won.TryAdd(write.Key, writer), $"{write.Key} won twice");
                else Assert.Equal(WriteOutcome.Lost, write.Outcome);
                if (write.Outcome == WriteOutcome.Lost) Interlocked.Increment(ref lost);
            }
        })));

        Assert.Equal((Keys, (Writers - 1) * Keys), (won.Count, lost));
        await using var reader = Databases.Open(connection);
        await foreach (var row in new PostgresSnapshots(reader.Database, "course").ScanAsync(Cancel)) Assert.Equal((1, won[row.Key]), (row.Version, row.Writer));
        output.WriteLine($"winners: {string.Join(' ', won.Values.GroupBy(static writer => writer).OrderBy(static writer => writer.Key).Select(static writer => $"{writer.Key}:{writer.Count()}"))}");
    }

    [Fact]
    public async Task Of_many_writes_of_the_next_version_one_wins()
    {
        const int Versions = 200;
        var connection = await server.CreateDatabaseAsync();
        var winners = new ConcurrentDictionary<long, long>();
        var conflicts = 0;
        await Task.WhenAll(Enumerable.Range(1, Writers).Select(writer => Task.Run(async () =>
        {
            await using var database = Databases.Open(connection, 2);
            var snapshots = new PostgresSnapshots(database.Database, "course");
            while (true)
            {
                var reads = new SnapshotRead[] { new("hot") };
                await snapshots.ReadAsync(reads, Cancel);
                if (reads[0].Version >= Versions) return;

                var writes = new SnapshotWrite[] { new("hot", reads[0].Version, writer, BitConverter.GetBytes(reads[0].Version), reads[0].Tag) };
                await snapshots.WriteAsync(writes, Cancel);
                if (writes[0].Outcome == WriteOutcome.Won) Assert.True(winners.TryAdd(reads[0].Version + 1, writer), $"version {reads[0].Version + 1} was won twice");
                else Interlocked.Increment(ref conflicts);
            }
        })));

        Assert.Equal(Versions, winners.Count);
        output.WriteLine($"{conflicts} writes lost, {winners.Values.Distinct().Count()} writers won");
        Assert.True(conflicts > 0);
    }

    [Fact]
    public async Task An_etag_that_was_used_is_refused_also_after_the_state_was_cleared()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var storage = new PostgresGrainStorage(database.Database);
        var grain = GrainId.Create("grain", "1");
        var state = new GrainState<StoredSnapshot>(new StoredSnapshot { Writer = 1 });
        await storage.WriteStateAsync("s", grain, state);
        var old = new GrainState<StoredSnapshot>(new StoredSnapshot { Writer = 2 }, state.ETag);
        await storage.ClearStateAsync("s", grain, state);
        Assert.Equal((false, 0), (state.RecordExists, state.State!.Writer));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", grain, old));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", grain, new GrainState<StoredSnapshot>(new StoredSnapshot(), null)));
        state.State = new StoredSnapshot { Writer = 3 };
        await storage.WriteStateAsync("s", grain, state);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("s", grain, old));

        var read = new GrainState<StoredSnapshot>(new StoredSnapshot());
        await storage.ReadStateAsync("s", grain, read);
        Assert.Equal((3, state.ETag, true), (read.State!.Writer, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task States_that_differ_in_type_name_or_key_are_different_states()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var storage = new PostgresGrainStorage(database.Database);
        var places = (from type in new[] { "a", "b" } from name in new[] { "s", "t" } from key in new[] { "112", "0112", "00000000000000000000000000000112", "112+x", "x", "0+x" } select (Type: type, Name: name, Key: key)).ToList();
        foreach (var place in places) await storage.WriteStateAsync(place.Name, GrainId.Create(place.Type, place.Key), new GrainState<string>($"{place}"));

        foreach (var place in places)
        {
            var read = new GrainState<string>("");
            await storage.ReadStateAsync(place.Name, GrainId.Create(place.Type, place.Key), read);
            Assert.Equal($"{place}", read.State);
        }
    }
}
