using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Real time between two looks at a real server.</summary>
internal static class Pause
{
    public static Task OfAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, TestContext.Current.CancellationToken);
}
