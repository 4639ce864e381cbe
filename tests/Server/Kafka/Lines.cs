using System.Text;
using Grains.Streams.Kafka;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Sends a hundred lines as <c>grains send</c> does.</summary>
internal static class Lines
{
    private const int Count = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="options">Where to, and as whom.</param>
    /// <param name="expected">Counts them.</param>
    /// <param name="key">The key of their tally.</param>
    public static async Task SendAsync(KafkaStreamOptions options, Expected expected, string key = "k")
    {
        using var sender = new KafkaLineSender(options, key: null, TimeProvider.System);
        var text = string.Join('\n', Enumerable.Range(0, Count).Select(number => Encoding.UTF8.GetString(expected.Record(key, number))));
        var sent = await sender.SendAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), null, CancellationToken.None).WaitAsync(Limit);
        Assert.Equal(Count, sent.Kept);
    }
}
