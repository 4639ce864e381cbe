using System.Globalization;
using System.Text;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>The summary of a batch.</summary>
/// <param name="Read">What was read.</param>
/// <param name="Written">What was written to the storage.</param>
/// <param name="Courses">Courses in memory at the end.</param>
/// <param name="Wall">From just before the first record until the last was counted and durable.</param>
/// <param name="Processor">User and system time of the process in that span.</param>
/// <param name="PeakMegabytes">The most memory that was ever resident, in MiB.</param>
internal sealed record BatchReport(PumpReport Read, (long Rows, long Bytes, long HistoryRows) Written, int Courses, TimeSpan Wall, TimeSpan Processor, double PeakMegabytes)
{
    public string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"records":{{Read.Records}},"wall_s":{{Wall.TotalSeconds:F3}},"cpu_s":{{Processor.TotalSeconds:F3}},"peak_rss_mb":{{PeakMegabytes:F0}},"kept":{{Read.Kept}},"skipped":{{Read.Skipped.Values.Sum()}},"refused":{{Read.Refused.Values.Sum()}},"snapshot_rows":{{Written.Rows}},"snapshot_bytes":{{Written.Bytes}},"history_rows":{{Written.HistoryRows}},"rewinds":{{Read.Rewinds}},"allocated_bytes":{{GC.GetTotalAllocatedBytes()}}}""");

    public string ToText()
    {
        var text = new StringBuilder();
        Line($"{Read.Records,15:N0} lines read in {Wall.TotalSeconds:F1} s, {Read.Records / Math.Max(0.001, Wall.TotalSeconds):N0} a second, {Processor.TotalSeconds / Math.Max(1, Read.Records) * 1e6:F2} µs of CPU each");
        Line($"{Read.Kept,15:N0} views counted, of {Courses:N0} courses");
        foreach (var (reason, count) in Read.Skipped.OrderByDescending(reason => reason.Value)) Line($"{count,15:N0} skipped: {reason}");
        foreach (var (reason, count) in Read.Refused.OrderByDescending(reason => reason.Value)) Line($"{count,15:N0} refused: {reason}");
        Line($"{Written.Rows,15:N0} snapshot rows and {Written.HistoryRows:N0} history rows written; everything is durable");
        Line($"{PeakMegabytes,15:N0} MB of memory at most");
        return text.ToString().TrimEnd();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The most memory that the process ever had resident, in MiB: VmHWM where the system tells it.</summary>
    public static double MeasurePeak()
    {
        const string Field = "VmHWM:";
        var line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is null
            ? Environment.WorkingSet / 1048576.0
            : double.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
