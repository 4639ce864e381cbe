using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>librdkafka's own log, as debug entries: what a reader of the log must know is said by this library in its own words.</summary>
internal static partial class ClientLog
{
    public static void Write(ILogger log, LogMessage message) => LogClient(log, message.Name, message.Facility, message.Message);

    [LoggerMessage(EventIds.ClientLog, LogLevel.Debug, "{Client} {Facility}: {Message}")]
    private static partial void LogClient(ILogger log, string client, string facility, string message);
}
