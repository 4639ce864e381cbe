using System.Diagnostics;
using System.Globalization;
using HBase.Client;

namespace Grains.Benchmarks.HBase;

/// <summary>
/// The client at work: put, get, checkAndMutate, batch of 100 puts, scan, with a bounded number of calls in flight; operation for operation what the official Java client's benchmark of the
/// test servers does, and the same lines of JSON, so that the two can be run side by side on one server.
/// </summary>
internal static class ClientBenchmark
{
    private const int BatchSize = 100;
    private const int Scans = 4;
    private static readonly byte[] Family = "f"u8.ToArray();
    private static readonly byte[] Value = "q"u8.ToArray();
    private static readonly byte[] Version = "v"u8.ToArray();

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("hbase MASTER:PORT [OPERATIONS 100000] [IN_FLIGHT 64] [VALUE_BYTES 200]");
            return 2;
        }

        var operations = Number(arguments, 1, 100_000);
        var inFlight = Number(arguments, 2, 64);
        var value = new byte[Number(arguments, 3, 200)];
        new Random(1).NextBytes(value);
        await using var client = new HBaseClient(arguments[0]);
        var table = await MakeTableAsync(client);

        await MeasureAsync("put", operations, inFlight, i => table.PutAsync(new Put(Row(i), 2).Add(Family, Value, value).Add(Family, Version, HBaseBytes.Int64(1))));
        await MeasureAsync("get", operations, inFlight, async i => await table.GetAsync(new Get(Row(i))));
        var versions = new long[operations];
        Array.Fill(versions, 1);
        await MeasureAsync("checkAndMutate", operations, inFlight, async i =>
        {
            var row = Row(i);
            var version = versions[i]++;
            var put = new Put(row, 2).Add(Family, Value, value).Add(Family, Version, HBaseBytes.Int64(version + 1));
            if (!await table.CheckAndMutateAsync(CheckAndMutate.IfEquals(row, Family, Version, HBaseBytes.Int64(version)).Then(put))) throw new InvalidOperationException("lost a condition");
        });
        await MeasureAsync("batch100", operations / BatchSize, Math.Max(1, inFlight / 16), async i =>
        {
            var puts = new RowOperation[BatchSize];
            for (var j = 0; j < BatchSize; j++) puts[j] = new Put(Row((i * BatchSize) + j)).Add(Family, Value, value);
            foreach (var outcome in await table.BatchAsync(puts))
            {
                if (outcome.Error is { } error) throw error;
            }
        });
        await MeasureAsync("scan", Scans, 1, async _ =>
        {
            var rows = 0;
            await foreach (var row in table.ScanAsync(new Scan { ChunkRows = 1000 }))
            {
                if (!row.IsEmpty) rows++;
            }

            if (rows < operations) throw new InvalidOperationException($"scan saw {rows} rows");
        });
        return 0;
    }

    private static async Task<HBaseTable> MakeTableAsync(HBaseClient client)
    {
        TableName name = "bench";
        if (await client.Admin.GetTableStateAsync(name) != TableState.Absent)
        {
            await client.Admin.DisableTableAsync(name);
            await client.Admin.DeleteTableAsync(name);
        }

        await client.Admin.CreateTableAsync(new TableDescriptor(name, new ColumnFamilyDescriptor("f")), [HBaseBytes.Utf8("4"), HBaseBytes.Utf8("8"), HBaseBytes.Utf8("c")]);
        return client.GetTable(name);
    }

    // Each runs twice; the second counts.
    private static async Task MeasureAsync(string name, int calls, int inFlight, Func<int, ValueTask> call)
    {
        for (var round = 0; round < 2; round++)
        {
            var took = new long[calls];
            var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            var cpuBefore = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            var next = -1;
            await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
            {
                for (var i = Interlocked.Increment(ref next); i < calls; i = Interlocked.Increment(ref next))
                {
                    var begun = Stopwatch.GetTimestamp();
                    await call(i);
                    took[i] = Stopwatch.GetTimestamp() - begun;
                }
            })));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var cpu = Environment.CpuUsage.TotalTime - cpuBefore;
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
            Array.Sort(took);
            if (round == 0) continue;

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"client\":\".net\",\"op\":\"{name}\",\"calls\":{calls},\"in_flight\":{inFlight},\"calls_per_s\":{calls / seconds:0},\"cpu_us_per_call\":{cpu.TotalMicroseconds / calls:0.0},\"p50_us\":{Microseconds(took, 0.5):0},\"p99_us\":{Microseconds(took, 0.99):0},\"allocated_per_call\":{allocated / calls}}}"));
        }
    }

    private static double Microseconds(long[] sorted, double part) => sorted[(int)(sorted.Length * part)] * 1e6 / Stopwatch.Frequency;

    // The bits of the number from the last to the first, so that neighbours in time are far apart in the table.
    private static byte[] Row(int number)
    {
        var reversed = 0U;
        for (var bit = 0; bit < 32; bit++) reversed |= (((uint)number >> bit) & 1) << (31 - bit);
        var row = new byte[8];
        reversed.TryFormat(row, out _, "x8", CultureInfo.InvariantCulture);
        return row;
    }

    private static int Number(string[] arguments, int index, int usual) => arguments.Length > index ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : usual;
}
