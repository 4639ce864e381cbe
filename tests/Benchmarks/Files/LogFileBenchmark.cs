using Grains.Storage.Sqlite;
using Grains.Streams;
using Grains.Streams.Files;

namespace Grains.Benchmarks.Files;

/// <summary>CPU of the process for a line of 216 bytes read from a file in the page cache, beside a loop that only reads the blocks and finds the line ends.</summary>
internal static class LogFileBenchmark
{
    private const int Lines = 4_000_000;

    public static async Task RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("grains-files-");
        var path = Path.Combine(directory.FullName, "access.log");
        await WriteAsync(path);
        await using (var database = SqliteDatabase.Open(new SqliteOptions { Path = Path.Combine(directory.FullName, "bench.db") }))
        {
            for (var round = 0; round < 5; round++)
            {
                Measure("plain loop", () => PlainLoop(path));
                var source = new LogFileSource(new LogFileOptions { Path = path, ReadToEnd = true }, new SqliteSnapshots(database, $"round{round}"), TimeProvider.System);
                await source.OpenAsync(default);
                var sink = new CountingSink();
                Measure("LogFileSource", () =>
                {
                    while (source.Read(sink, 1 << 20) > 0)
                    {
                    }

                    return sink.Count;
                });
                await source.DisposeAsync();
            }
        }

        directory.Delete(recursive: true);
    }

    private static async Task WriteAsync(string path)
    {
        await using var file = File.Create(path);
        var line = new byte[216];
        for (var block = 0; block < Lines / 1_000; block++)
        {
            var bytes = new byte[216 * 1_000];
            for (var i = 0; i < 1_000; i++)
            {
                Array.Fill(line, (byte)('a' + (i % 26)));
                line[^1] = (byte)'\n';
                line.CopyTo(bytes, i * 216);
            }

            await file.WriteAsync(bytes);
        }
    }

    private static long PlainLoop(string path)
    {
        using var file = File.OpenHandle(path);
        var buffer = new byte[1 << 18];
        var (count, at) = (0L, 0L);
        while (RandomAccess.Read(file, buffer, at) is > 0 and var read)
        {
            at += read;
            var rest = buffer.AsSpan(0, read);
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                count++;
                rest = rest[(end + 1)..];
            }
        }

        return count;
    }

    private static void Measure(string what, Func<long> work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var garbage = GC.GetTotalAllocatedBytes();
        if (work() != Lines) throw new InvalidOperationException($"{what} did not find {Lines} lines.");
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine($"{what,-20} {cpu.TotalNanoseconds / Lines,6:F1} ns CPU a line, {(GC.GetTotalAllocatedBytes() - garbage) / (double)Lines:F2} B garbage a line");
    }

    private sealed class CountingSink : IRecordSink
    {
        public long Count { get; private set; }

        public void Record(long position, ReadOnlySpan<byte> record) => Count++;
    }
}
