using System.CommandLine;
using Grains.Streams.Kafka;

namespace Grains.Cli.Commands;

/// <summary>Where a topic is, on the command line.</summary>
internal static class KafkaOptions
{
    public const string DefaultGroup = "grains";

    public static Option<string?> Brokers(bool isRequired)
    {
        var option = new Option<string?>("--kafka") { Description = "The brokers to begin with", HelpName = "HOST:PORT,…", Required = isRequired };
        option.Validators.Add(result =>
        {
            foreach (var broker in result.GetValueOrDefault<string?>()?.Split(',') ?? [])
            {
                var colon = broker.LastIndexOf(':');
                if (colon < 1 || !ushort.TryParse(broker.AsSpan(colon + 1), out var port) || port == 0) result.AddError($"--kafka '{broker}' is no HOST:PORT such as localhost:9092.");
            }
        });
        return option;
    }

    public static Option<string?> Topic(bool isRequired) => new("--topic") { Description = "The topic", HelpName = "NAME", Required = isRequired };

    /// <exception cref="CommandFailure">They break a rule.</exception>
    public static KafkaStreamOptions Of(string brokers, string topic, string group = DefaultGroup, Action<KafkaSecurityOptions>? secure = null)
    {
        var options = new KafkaStreamOptions { BootstrapServers = brokers, Topic = topic, Group = group };
        secure?.Invoke(options.Security);
        var faults = options.Faults().ToList();
        return faults.Count == 0 ? options : throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults));
    }
}
