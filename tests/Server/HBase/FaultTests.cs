using System.Diagnostics;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>Conditional writes while regions move and split and a region server is killed: what was acknowledged is there, nothing won twice, and the client goes on by itself.</summary>
[Collection(RealHBaseCollection.Name)]
public sealed class FaultTests(RealHBase server, ITestOutputHelper output) : IDisposable
{
    private const int Rows = 64;
    private const int Writers = 16;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly byte[] Family = "f"u8.ToArray();
    private static readonly byte[] Column = "v"u8.ToArray();

    private readonly ConditionalWriteHistory _history = new();
    private readonly CancellationTokenSource _stop = new();
    private long _lastWriter;
    private long _lastWin;
    private long _longestPause;

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Acknowledged_conditional_writes_survive_moves_a_split_and_a_killed_server()
    {
        await using var client = server.Connect(static options => options.OperationTimeout = TimeSpan.FromSeconds(60));
        var table = await RealHBase.MakeTableAsync(client, "faults", "row 2", "row 4");
        _lastWin = Stopwatch.GetTimestamp();
        var load = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(table, new Random(writer)))).ToList();

        await PauseAsync(Quiet);
        var moved = await MoveAllAsync(client);
        await PauseAsync(Quiet);
        await client.Admin.SplitRegionAsync("faults", "row 30"u8.ToArray());
        await PauseAsync(Quiet);
        moved += await MoveAllAsync(client);
        await PauseAsync(Quiet);
        await server.RunAsync("kill", "rs-1");
        var killed = Stopwatch.GetTimestamp();
        var before = _history.Acknowledged;
        await EveryRowWonAgainAsync(table);
        output.WriteLine($"all rows written again {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s after the kill, {_history.Acknowledged - before} wins meanwhile");
        await server.RunAsync("revive", "rs-1");
        moved += await MoveAllAsync(client);
        await PauseAsync(Quiet);
        await _stop.CancelAsync();
        await Task.WhenAll(load);

        var contradictions = _history.Contradictions(await FinalAsync(table));
        output.WriteLine($"{_history.Acknowledged} won, {_history.Unknown} unknown, {moved} moves, longest time without a win {_longestPause * 1000.0 / Stopwatch.Frequency:0} ms");
        Assert.Empty(contradictions);
        Assert.True(moved >= 4, $"only {moved} moves");
        Assert.Equal(4, (await client.Admin.ListRegionsAsync("faults")).Count);
        Assert.True(_history.Acknowledged > 1000, $"only {_history.Acknowledged} writes won");
    }

    // Reads a row, writes the next version on the condition of that one, again and again. Two writers meet on a row now and then.
    private async Task WriteAsync(HBaseTable table, Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            var row = random.Next(Rows);
            var key = Key(row);
            var (version, stored) = Decode(await table.GetAsync(new Get(key)));
            var writer = Interlocked.Increment(ref _lastWriter);
            byte[] next = [.. HBaseBytes.Int64(version + 1), .. HBaseBytes.Int64(writer)];
            var check = stored.IsEmpty ? CheckAndMutate.IfAbsent(key, Family, Column) : CheckAndMutate.IfEquals(key, Family, Column, stored);
            bool? won = null;
            try
            {
                won = await table.CheckAndMutateAsync(check.Then(new Put(key).Add(Family, Column, next)));
            }
            catch (HBaseException e) when (e.Failure == HBaseFailure.OutcomeUnknown)
            {
                // The checker knows that it can be either.
            }

            _history.Add(row, version + 1, writer, won);
            if (won != true) continue;

            var now = Stopwatch.GetTimestamp();
            var pause = now - Interlocked.Exchange(ref _lastWin, now);
            if (pause > Volatile.Read(ref _longestPause)) Volatile.Write(ref _longestPause, pause);
        }
    }

    private static async Task<int> MoveAllAsync(HBaseClient client)
    {
        var servers = (await client.Admin.GetClusterStatusAsync()).LiveServers;
        var moved = 0;
        foreach (var region in await client.Admin.ListRegionsAsync("faults"))
        {
            var targets = servers.Where(known => known.Endpoint != region.Server).ToList();
            if (targets.Count == 0) continue;

            await client.Admin.MoveRegionAsync(region, targets[0]);
            moved++;
        }

        return moved;
    }

    private static async Task EveryRowWonAgainAsync(HBaseTable table)
    {
        var before = await FinalAsync(table);
        while (true)
        {
            var now = await FinalAsync(table);
            if (before.All(row => now[row.Key].Version > row.Value.Version)) return;
            await PauseAsync(TimeSpan.FromMilliseconds(200));
        }
    }

    private static async Task<Dictionary<int, (long Version, long Writer)>> FinalAsync(HBaseTable table)
    {
        var final = new Dictionary<int, (long, long)>();
        for (var row = 0; row < Rows; row++)
        {
            var (version, stored) = Decode(await table.GetAsync(new Get(Key(row))));
            final[row] = (version, stored.IsEmpty ? 0 : HBaseBytes.ToInt64(stored.Span[sizeof(long)..]));
        }

        return final;
    }

    private static byte[] Key(int row) => HBaseBytes.Utf8($"row {row:d2}");

    private static (long Version, ReadOnlyMemory<byte> Stored) Decode(HBaseRow row) =>
        row.TryGetValue(Family, Column, out var stored) ? (HBaseBytes.ToInt64(stored.Span[..sizeof(long)]), stored) : (0, default);

    private static Task PauseAsync(TimeSpan pause) => Task.Delay(pause, TimeProvider.System, CancellationToken.None);
}
