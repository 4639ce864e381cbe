using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Grains.Benchmarks.Engine;

/// <summary>A log counted by the silo, durable every second, beside the plain loop and GoAccess (where it is installed) on the same file, each a process of its own, in turn.</summary>
internal static class FileBenchmark
{
    /// <summary>Arguments: log, uap-core's regexes.yaml, address database, rounds.</summary>
    public static async Task<int> RunAsync(string log, string rules, string regions, int rounds)
    {
        Print($"{"",-12}{"lines",12}{"wall s",9}{"µs cpu/line",13}{"MB",7}{"B garbage/line",16}{"snapshot kB/s",15}{"history rows/s",16}");
        for (var round = 0; round < rounds; round++)
        {
            Show("plain loop", await RunAsync("dotnet", [typeof(FileBenchmark).Assembly.Location, "loop", log, rules, regions]));
            Show("grains", await SiloAsync(log, rules, regions));
            await ShowGoAccessAsync(log);
        }

        return 0;
    }

    private static async Task<JsonElement> SiloAsync(string log, string rules, string regions)
    {
        var data = Directory.CreateTempSubdirectory("grains-bench-");
        try
        {
            return await RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "Grains.Silo.dll"), "--input", log, "--once", "--report", "json", "--data", data.FullName, "--ua-rules", rules, "--geo", regions, "--set", "Weblog:FutureTolerance=365.00:00:00"]);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static void Show(string name, JsonElement report)
    {
        var (lines, wall) = (Of("records"), Of("wall_s"));
        Print($"{name,-12}{lines,12:N0}{wall,9:F1}{Of("cpu_s") / lines * 1e6,13:F3}{Of("peak_rss_mb"),7:F0}{Of("allocated_bytes") / lines,16:F1}{Of("snapshot_bytes") / wall / 1000,15:F0}{Of("history_rows") / wall,16:F0}");

        double Of(string property) => report.TryGetProperty(property, out var value) ? value.GetDouble() : 0;
    }

    // The panels that do the matching work, on the beginning of the log, since it is slow; its CPU by the shell's own clock.
    private static async Task ShowGoAccessAsync(string log)
    {
        const string Command = "head -n 500000 \"$1\" | goaccess - --log-format=COMBINED --no-progress --ignore-panel=VISITORS --ignore-panel=REQUESTS_STATIC --ignore-panel=NOT_FOUND --ignore-panel=HOSTS --ignore-panel=VISIT_TIMES --ignore-panel=VIRTUAL_HOSTS "
            + "--ignore-panel=REFERRERS --ignore-panel=KEYPHRASES --ignore-panel=STATUS_CODES --ignore-panel=REMOTE_USER --ignore-panel=GEO_LOCATION -o /dev/null --output=json >/dev/null 2>&1; times";
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "goaccess")))) return;

        var began = Stopwatch.GetTimestamp();
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", Command, "bash", log]) { RedirectStandardOutput = true })!;
        var times = (await shell.StandardOutput.ReadToEndAsync()).Split('\n')[1].Split(' ').Select(Seconds).Sum();
        var lines = File.ReadLines(log).Take(500_000).LongCount();
        Print($"{"goaccess",-12}{lines,12:N0}{Stopwatch.GetElapsedTime(began).TotalSeconds,9:F1}{times / lines * 1e6,13:F3}");
    }

    // "1m2.345s"
    private static double Seconds(string time)
    {
        var minutes = time.IndexOf('m', StringComparison.Ordinal);
        return (double.Parse(time[..minutes], CultureInfo.InvariantCulture) * 60) + double.Parse(time[(minutes + 1)..].TrimEnd('s'), CultureInfo.InvariantCulture);
    }

    private static async Task<JsonElement> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}");

        using var report = JsonDocument.Parse(output.Trim());
        return report.RootElement.Clone();
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
