using Microsoft.Extensions.Time.Testing;

namespace Grains.Tests.Unit.HBase;

/// <summary>Lets a client's time pass for as long as something is awaited: only then do its timeouts and pauses come.</summary>
internal static class FakeClock
{
    private const int PoolRounds = 5;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Advances the clock step by step until the task has ended, with a little real time in between for the answers of the fake servers.</summary>
    public static async Task<T> DriveAsync<T>(this FakeTimeProvider time, Task<T> task)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit) throw new TimeoutException($"Not done after {Limit}; the client's clock is at {time.GetUtcNow():O}.");

            try
            {
                await task.WaitAsync(TimeSpan.FromMilliseconds(10));
            }
            catch (TimeoutException) when (!task.IsCompleted)
            {
                // On a busy machine answers come late: what the pool has to do is done first.
                for (var i = 0; i < PoolRounds; i++) await Task.Run(static () => { });
                time.Advance(Step);
            }
        }

        return await task;
    }

    public static Task DriveAsync(this FakeTimeProvider time, Task task) => time.DriveAsync(AsValue(task));

    private static async Task<bool> AsValue(Task task)
    {
        await task;
        return true;
    }
}
