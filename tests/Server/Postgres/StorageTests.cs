using Grains.Storage.Postgres;
using Grains.Streams.Storage;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>Snapshots and history in a real PostgreSQL.</summary>
[Collection(PostgresCollection.Name)]
public sealed class StorageTests(PostgresServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_read_and_listed_as_they_were_written()
    {
        await using var database = Databases.Open(await server.CreateDatabaseAsync());
        var snapshots = new PostgresSnapshots(database.Database, "course");
        string[] keys = ["112", "0112", "cafe", "CAFE", "0123456789abcdef0123456789abcdef", "1+2", "a/b", " ", "课程-ä-😀", new string('k', 200)];
        var writes = keys.Select(key => new SnapshotWrite(key, 0, 7, System.Text.Encoding.UTF8.GetBytes(key), null)).ToArray();
        writes[0] = new SnapshotWrite(keys[0], 0, 7, default, null);
        writes[1] = new SnapshotWrite(keys[1], 0, 7, new byte[1 << 20], null);
        await snapshots.WriteAsync(writes, Cancel);
        Assert.All(writes, static write => Assert.Equal(WriteOutcome.Won, write.Outcome));

        var reads = keys.Select(static key => new SnapshotRead(key)).ToArray();
        await snapshots.ReadAsync(reads, Cancel);
        var listed = await snapshots.ScanAsync(Cancel).ToListAsync(Cancel);
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal((1, 7), (reads[i].Version, reads[i].Writer));
            Assert.Equal(writes[i].Payload.ToArray(), reads[i].Payload.ToArray());
            var row = Assert.Single(listed, row => row.Key == keys[i]);
            Assert.Equal((1, 7), (row.Version, row.Writer));
            Assert.Equal(writes[i].Payload.ToArray(), row.Payload.ToArray());
        }

        Assert.Equal(keys.Length, listed.Count);
    }
}
