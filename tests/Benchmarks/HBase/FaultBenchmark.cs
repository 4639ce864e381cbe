using System.Globalization;
using Grains.Testing.HBase;
using Grains.Testing.HBase.Faults;

namespace Grains.Benchmarks.HBase;

/// <summary>How long faults of a real HBase last for those who write to it, and whether what they were told is true: ZooKeeper, a master and two region servers, all of which die.</summary>
internal static class FaultBenchmark
{
    private const int UsualRounds = 3;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : UsualRounds;
        var seed = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : Environment.TickCount;
        if (!LocalHBase.IsAvailable)
        {
            Console.Error.WriteLine("It starts HBase from ../shared/servers/hbase, and wants java: one of them is not there.");
            return 2;
        }

        Console.WriteLine($"seed {seed}");
        await using var hbase = await LocalHBase.StartAsync(2);
        HBaseFault[] faults =
        [
            HBaseFault.MovesAndSplits(TimeSpan.FromSeconds(20)), HBaseFault.RegionServerKilled, HBaseFault.MasterKilled(TimeSpan.FromSeconds(5)),
            HBaseFault.RegionServerStopped(TimeSpan.FromSeconds(20)), HBaseFault.AllAway(TimeSpan.FromSeconds(60)),
        ];
        var began = TimeProvider.System.GetTimestamp();
        var result = await new FaultCampaign(hbase, seed, line => Console.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds,5:0} s  {line}")).RunAsync(Enumerable.Repeat(faults, rounds).SelectMany(static round => round));
        Print(result);
        return result.Contradictions.Count == 0 ? 0 : 1;
    }

    private static void Print(FaultReport result)
    {
        Console.WriteLine();
        Console.WriteLine("| fault | times | first write after, s | every row written again, s | longest gap of a writer, s | fault over after, s |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var fault in result.Times.GroupBy(static entry => entry.Fault.Name, static entry => entry.Times))
        {
            Console.WriteLine($"| {fault.Key} | {fault.Count()} | {Range(fault, static times => times.FirstWrite)} | {Range(fault, static times => times.EveryRow)} | {Range(fault, static times => times.LongestGap)} | {Range(fault, static times => times.Healed)} |");
        }

        Console.WriteLine();
        Console.WriteLine($"{result.Acknowledged} writes acknowledged, {result.Unknown} of unknown outcome, {result.GivenUp} calls given up; {result.Moves} moves, {result.Splits} splits; {result.Contradictions.Count} contradictions");
        foreach (var contradiction in result.Contradictions) Console.WriteLine(contradiction);
    }

    private static string Range(IEnumerable<FaultTimes> times, Func<FaultTimes, TimeSpan> value)
    {
        var seconds = times.Select(entry => value(entry).TotalSeconds).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{seconds[0]:0.0} – {seconds[^1]:0.0}");
    }
}
