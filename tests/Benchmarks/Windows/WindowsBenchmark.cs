using System.Globalization;
using Grains.Abstractions;

namespace Grains.Benchmarks.Windows;

/// <summary>What counting a view costs, and what a snapshot does: nanoseconds and garbage on one core, for few hot and for many cold courses.</summary>
internal static class WindowsBenchmark
{
    private const int Rounds = 5;

    /// <summary>Prints the best of five rounds.</summary>
    public static int Run()
    {
        Measure(1_000, 5_000_000, viewsOfSnapshot: 500_000);
        Measure(100_000, 3_000_000, viewsOfSnapshot: 300_000);
        return 0;
    }

    private static void Measure(int courseCount, int views, int viewsOfSnapshot)
    {
        var vocabulary = new CourseVocabulary();
        var traffic = new CourseTraffic(courseCount, views, vocabulary);
        Print($"{courseCount:N0} courses, {views:N0} views of one hour in {traffic.Chunks:N0} chunks, a snapshot of what changed every {viewsOfSnapshot:N0} views");
        var rounds = new WindowsRound[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            rounds[i] = new WindowsRound(traffic, courseCount, vocabulary);
            rounds[i].Run(viewsOfSnapshot);
        }

        Print($"  counting    {rounds.Min(round => round.CountingNs):F1} ns and {rounds[0].CountingBytes:F1} B of garbage a view");
        Print($"  snapshots   {rounds.Min(round => round.SavingNs):F1} ns a byte: {rounds[0].Rows:N0} rows of {rounds[0].RowBytes:F0} bytes; {rounds.Min(round => round.SavingNsOfView):F1} ns a view");
        Print($"  top courses {rounds.Min(round => round.ScanNs):F1} ns a course; memory {rounds[0].HeapBytes:F0} bytes a course");
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
