using System.Diagnostics;
using System.Globalization;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>The progress line of a batch, on a terminal only.</summary>
internal static class BatchProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <exception cref="Exception">Whatever ended the reading.</exception>
    public static async Task ShowUntilDoneAsync(PartitionRun run, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            await run.Completion;
            return;
        }

        var began = Stopwatch.GetTimestamp();
        while (!run.Completion.IsCompleted)
        {
            await Task.WhenAny(run.Completion, Task.Delay(Interval, TimeProvider.System, cancellationToken));
            var (records, lag) = (run.Report().Records, run.Lag);
            var share = lag.End > 0 ? (lag.End - lag.Behind) / (double)lag.End : 1;
            await Console.Error.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $"\r{records:N0} lines, {records / Stopwatch.GetElapsedTime(began).TotalSeconds:N0} a second, {share:P0} read   "));
        }

        await Console.Error.WriteLineAsync();
        await run.Completion;
    }
}
