using System.Globalization;

namespace Grains.Silo;

/// <summary>Says what the silo does and where to look.</summary>
internal static class Greeting
{
    public static void Print(SiloSettings settings, string url)
    {
        var address = url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Grains counts {Reads(settings)}.
              page     {address}
              API      {address}/v1/courses?top=10    (all of it: {address}/openapi/v1.json)
              durable  {Durable(settings)}
            Ctrl-C stops it; started again it goes on from where it was.

            """));
    }

    private static string Durable(SiloSettings settings) => settings switch
    {
        { KeepsInHBase: true } => $"HBase, {settings.HBase.Client.Masters}{Membership(settings)}",
        { KeepsInPostgres: true } => $"PostgreSQL{Membership(settings)}",
        _ => Path.GetFullPath(settings.Data),
    };

    private static string Membership(SiloSettings settings) => settings.IsClustered ? $", as {settings.Cluster.Name ?? "a silo"} of cluster {settings.Cluster.ClusterId}" : "";

    private static string Reads(SiloSettings settings) => settings.Input switch
    {
        null when settings.ReadsKafka => $"topic {settings.Kafka.Topic} of {settings.Kafka.BootstrapServers}, as a member of group {settings.Kafka.Group}",
        null => string.Create(CultureInfo.InvariantCulture, $"generated traffic: {settings.Traffic.Courses:N0} courses, {settings.Traffic.LinesPerSecond:N0} log lines a second"),
        "-" => "what comes on standard input",
        _ => $"{Path.GetFullPath(settings.Input)}, and follows it",
    };
}
