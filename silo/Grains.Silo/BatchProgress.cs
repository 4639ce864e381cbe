using System.Diagnostics;
using System.Globalization;
using Grains.Abstractions;
using Grains.Courses;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>The progress line of a batch, on a terminal only.</summary>
internal static class BatchProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <exception cref="Exception">Whatever ended the reading.</exception>
    public static async Task ShowUntilDoneAsync(Task completion, StreamEngine<CourseState, CourseEvent> engine, CancellationToken cancellationToken)
    {
        // A person who interrupts gets what was read so far made durable, and the rest the next time.
        var done = completion.WaitAsync(cancellationToken);
        if (Console.IsErrorRedirected)
        {
            await done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ThrowFailureAsync(completion);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        while (!done.IsCompleted)
        {
            await Task.WhenAny(done, Task.Delay(Interval, TimeProvider.System, CancellationToken.None));
            var records = engine.Report().Records;
            var (end, behind) = (engine.Runs.Sum(run => run.Lag.End), engine.Runs.Sum(run => run.Lag.Behind));
            var share = end > 0 ? (end - behind) / (double)end : 1;
            await Console.Error.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $"\r{records:N0} lines, {records / Stopwatch.GetElapsedTime(began).TotalSeconds:N0} a second, {share:P0} read   "));
        }

        await Console.Error.WriteLineAsync();
        await ThrowFailureAsync(completion);
    }

    private static Task ThrowFailureAsync(Task completion) => completion.IsFaulted ? completion : Task.CompletedTask;
}
