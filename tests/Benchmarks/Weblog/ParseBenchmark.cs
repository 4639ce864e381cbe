using System.Diagnostics;
using System.Globalization;
using Grains.Abstractions;
using Grains.Weblog;

namespace Grains.Benchmarks.Weblog;

/// <summary>What understanding a line costs, and what the plain loop of understanding, looking up and counting costs: nanoseconds and allocated bytes a line, on one core.</summary>
internal static class ParseBenchmark
{
    private const int Rounds = 7;

    /// <summary>Arguments: log file, uap-core's regexes.yaml, address database [, file for the counts]. Prints one line a round, and the best.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length < 3)
        {
            Console.Error.WriteLine("parse LOG REGEXES MMDB [COUNTS]");
            return 2;
        }

        var log = new LogFile(arguments[0]);
        var vocabulary = new CourseVocabulary();
        var loading = Stopwatch.StartNew();
        using var factory = new LogLineParserFactory(new() { AgentRulesFile = arguments[1], RegionDatabaseFile = arguments[2] }, vocabulary, TimeProvider.System);
        Print($"{log.Count:N0} lines of {log.Bytes / Math.Max(1, log.Count)} bytes; rules and database loaded in {loading.ElapsedMilliseconds} ms");

        var parser = factory.Create();
        Measure("parse", log, line => parser.Parse(line, out _, out _));
        ReferenceLoop? loop = null;
        Measure("parse and count", log, line => loop!.Add(line), () => loop = new(parser, vocabulary));
        Print($"kept {loop!.Kept:N0}, skipped {loop.Skipped:N0}, refused {loop.Refused:N0}");
        if (arguments.Length > 3)
        {
            using var counts = new StreamWriter(arguments[3]);
            loop.Write(counts);
        }

        return 0;
    }

    private static void Measure(string what, LogFile log, LineAction action, Action? before = null)
    {
        var (bestWall, bestCpu) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            before?.Invoke();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var cpuBefore = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < log.Count; i++) action(log[i]);
            var wall = Stopwatch.GetElapsedTime(started).TotalNanoseconds / log.Count;
            // Of the whole process, so that the compiler's and the collector's threads are in it; on a busy machine this is the figure that means something.
            var cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalNanoseconds / log.Count;
            var bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / log.Count;
            (bestWall, bestCpu) = (Math.Min(bestWall, wall), Math.Min(bestCpu, cpu));
            Print($"{what}, round {round + 1}: {wall:F1} ns/line, {cpu:F1} ns CPU/line, {bytes:F2} B/line");
        }

        Print($"{what}, best: {bestWall:F1} ns/line, {bestCpu:F1} ns CPU/line");
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private delegate void LineAction(ReadOnlySpan<byte> line);
}
