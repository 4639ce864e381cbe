using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Grains.Storage.Sqlite;
using Grains.Streams.Storage;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Unit.Sqlite;

/// <summary>A child process writes and tells what was acknowledged; it is killed; everything it told must be there.</summary>
public sealed class KillTests
{
    private const string ChildVariable = "GRAINS_TEST_SQLITE_CHILD";
    private const int Keys = 200;

    [Fact]
    public async Task Every_acknowledged_row_survives_kill_9_at_random_moments()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var path = folder.File("test.db");
        var acknowledged = new long[Keys];
        for (var round = 0; round < 8; round++)
        {
            var told = await RunChildAndKillAsync(path, random.Next(1, 1_500), acknowledged);
            Assert.True(told > 0, $"The child said nothing. seed {seed}");

            await using var database = SqliteDatabase.Open(new SqliteOptions { Path = path });
            var reads = Enumerable.Range(0, Keys).Select(i => new SnapshotRead($"k{i}")).ToArray();
            await new SqliteSnapshots(database, "course").ReadAsync(reads, default);
            for (var i = 0; i < Keys; i++)
            {
                Assert.True(reads[i].Version >= acknowledged[i], $"k{i}: version {acknowledged[i]} was acknowledged, {reads[i].Version} is there. seed {seed}");
                if (reads[i].Version > 0) Assert.Equal(reads[i].Version, BitConverter.ToInt64(reads[i].Payload.Span));
                acknowledged[i] = reads[i].Version;
            }
        }
    }

    private static async Task<int> RunChildAndKillAsync(string path, int lines, long[] acknowledged)
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, Environment = { [ChildVariable] = path } };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet") start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        using var child = Process.Start(start)!;
        var told = 0;
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            // What is still in the pipe when it is dead was acknowledged, too.
            var parts = line.Split(' ');
            acknowledged[int.Parse(parts[0], CultureInfo.InvariantCulture)] = long.Parse(parts[1], CultureInfo.InvariantCulture);
            if (++told == lines) child.Kill();
        }

        await child.WaitForExitAsync();
        return told;
    }

    /// <summary>The child: this assembly started with the variable set. It runs before the test runner does, and never returns.</summary>
    [ModuleInitializer]
    internal static void RunIfChild()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is not { } path) return;

        // No lambdas of this assembly on other threads: they would wait for this initializer.
        var database = SqliteDatabase.Open(new SqliteOptions { Path = path });
        var snapshots = new SqliteSnapshots(database, "course");
        var reads = new SnapshotRead[Keys];
        for (var i = 0; i < Keys; i++) reads[i] = new SnapshotRead($"k{i}");
        snapshots.ReadAsync(reads, default).AsTask().GetAwaiter().GetResult();
        var versions = new long[Keys];
        for (var i = 0; i < Keys; i++) versions[i] = reads[i].Version;
        using var output = new StreamWriter(Console.OpenStandardOutput());
        for (var from = 0; ; from = (from + 37) % Keys)
        {
            var batch = new SnapshotWrite[50];
            for (var i = 0; i < batch.Length; i++)
            {
                var key = (from + i) % Keys;
                batch[i] = new SnapshotWrite($"k{key}", versions[key], 1, BitConverter.GetBytes(versions[key] + 1), null);
            }

            snapshots.WriteAsync(batch, default).AsTask().GetAwaiter().GetResult();
            for (var i = 0; i < batch.Length; i++)
            {
                if (batch[i].Outcome != WriteOutcome.Won) Environment.Exit(3);
                var key = (from + i) % Keys;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} {++versions[key]}"));
            }

            output.Flush();
        }
    }
}
