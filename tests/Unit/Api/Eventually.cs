using System.Diagnostics;

namespace Grains.Tests.Unit.Api;

/// <summary>For what another thread will do soon and tells nobody.</summary>
internal static class Eventually
{
    /// <summary>Waits until it is so.</summary>
    public static async Task IsTrueAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(20)) throw new TimeoutException("It did not become true.");
            await Task.Yield();
        }
    }
}
