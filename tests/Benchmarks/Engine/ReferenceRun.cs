using System.Diagnostics;
using System.Globalization;
using Grains.Abstractions;
using Grains.Benchmarks.Weblog;
using Grains.Weblog;

namespace Grains.Benchmarks.Engine;

/// <summary>The plain loop over a log of any size, as a process of its own: the floor that the engine is measured against. Prints the engine's own JSON.</summary>
internal static class ReferenceRun
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Arguments: log, uap-core's regexes.yaml, address database.</summary>
    public static int Run(string log, string rules, string regions)
    {
        var vocabulary = new CourseVocabulary();
        using var factory = new LogLineParserFactory(
            new WeblogOptions { AgentRulesFile = rules, RegionDatabaseFile = regions, FutureTolerance = TimeSpan.FromDays(365) }, vocabulary, TimeProvider.System);
        var loop = new ReferenceLoop(factory.Create(), vocabulary);

        using var process = Process.GetCurrentProcess();
        var (began, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        Count(log, loop);
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"records":{{loop.Kept + loop.Skipped + loop.Refused}},"wall_s":{{Stopwatch.GetElapsedTime(began).TotalSeconds:F3}},"cpu_s":{{(process.TotalProcessorTime - processor).TotalSeconds:F3}},"peak_rss_mb":{{process.PeakWorkingSet64 / 1048576}},"allocated_bytes":{{GC.GetTotalAllocatedBytes()}}}"""));
        return 0;
    }

    private static void Count(string log, ReferenceLoop loop)
    {
        using var file = File.OpenHandle(log, options: FileOptions.SequentialScan);
        var bytes = new byte[BlockBytes];
        var (kept, offset) = (0, 0L);
        while (true)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(kept), offset);
            if (read == 0) return;

            offset += read;
            var end = kept + read;
            var at = 0;
            for (int length; (length = bytes.AsSpan(at, end - at).IndexOf((byte)'\n')) >= 0; at += length + 1) loop.Add(bytes.AsSpan(at, length));
            kept = end - at;
            bytes.AsSpan(at, kept).CopyTo(bytes);
        }
    }
}
