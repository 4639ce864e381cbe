using Grains.Streams.Kafka;

namespace Grains.Cli.Checks;

/// <summary>Brokers, topic, group and offsets.</summary>
internal static class KafkaChecks
{
    public static async Task<IEnumerable<Finding>> RunAsync(KafkaStreamOptions options, CancellationToken cancellationToken)
    {
        var findings = await KafkaDoctor.ExamineAsync(options, cancellationToken).ConfigureAwait(false);
        return findings.Select(finding => new Finding(Severity(finding.Severity), finding.Subject, finding.Found, finding.Cause, finding.Fix));
    }

    private static FindingSeverity Severity(KafkaFindingSeverity severity) => severity switch
    {
        KafkaFindingSeverity.Well => FindingSeverity.Ok,
        KafkaFindingSeverity.Warning => FindingSeverity.Warn,
        _ => FindingSeverity.Fail,
    };
}
