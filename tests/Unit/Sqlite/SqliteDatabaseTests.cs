using Grains.Storage.Sqlite;
using Grains.Streams.Storage;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Unit.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("test.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_opening_is_told_that_the_file_is_in_use_and_works_once_the_first_is_closed()
    {
        await using (Open())
        {
            var error = Assert.Throws<SnapshotStorageException>(Open);
            Assert.Equal($"SQLite database '{Path}' is in use by another process. Stop that process, or name another file.", error.Message);
        }

        await using var again = Open();
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_in_one_sentence()
    {
        File.WriteAllText(Path, new string('x', 5_000));
        var error = Assert.Throws<SnapshotStorageException>(Open);
        Assert.Equal(
            $"Opening SQLite database '{Path}' failed: the file is damaged or is no SQLite database. Restore it from a backup, or move it and its -wal file away to begin with an empty one.", error.Message);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Damage_inside_the_file_is_told_when_it_is_read()
    {
        await using (var database = Open())
        {
            var snapshots = new SqliteSnapshots(database, "course");
            await snapshots.WriteAsync(Enumerable.Range(0, 5_000).Select(i => new SnapshotWrite($"k{i}", 0, 1, new byte[100], null)).ToArray(), default);
        }

        using (var file = File.OpenWrite(Path))
        {
            for (var page = 8; page < file.Length / 4096; page++)
            {
                file.Position = page * 4096;
                file.Write(new byte[4096]);
            }
        }

        await using var damaged = Open();
        var rows = new SqliteSnapshots(damaged, "course");
        var reads = Enumerable.Range(0, 5_000).Select(i => new SnapshotRead($"k{i}")).ToArray();
        var error = await Assert.ThrowsAsync<SnapshotStorageException>(async () => await rows.ReadAsync(reads, default));
        Assert.StartsWith($"Read from SQLite database '{Path}' failed: the file is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_layout_is_refused()
    {
        await using (var database = Open()) await database.WriteAsync(session => session.Execute("update schema_version set version = 99"));
        var error = Assert.Throws<SnapshotStorageException>(Open);
        Assert.Equal($"SQLite database '{Path}' has layout version 99, and this program knows versions up to 1. Run the newer program that wrote it, or name another file.", error.Message);
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_alone()
    {
        await using (var database = Open()) await database.WriteAsync(session => session.Execute("alter table schema_version rename to songs"));
        var error = Assert.Throws<SnapshotStorageException>(Open);
        Assert.StartsWith($"SQLite database '{Path}' belongs to another program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_told()
    {
        File.WriteAllText(Path, "");
        var error = Assert.Throws<SnapshotStorageException>(() => SqliteDatabase.Open(new SqliteOptions { Path = System.IO.Path.Combine(Path, "sub", "x.db") }));
        Assert.Contains("cannot be opened", error.Message, StringComparison.Ordinal);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(new SqliteOptions { Path = Path });
}
