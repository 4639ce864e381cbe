using Grains.Cli.Wire;

namespace Grains.Cli.Checks;

/// <summary>A silo, by its status.</summary>
internal static class SiloChecks
{
    private const string Subject = "silo";

    public static async Task<IEnumerable<Finding>> RunAsync(Uri address, CancellationToken cancellationToken)
    {
        using var server = new GrainsServer(address);
        try
        {
            var status = server.Read(await server.AskAsync("/v1/status", cancellationToken).ConfigureAwait(false), AnswerJson.Default.StatusAnswer);
            return [Describe(address, status), .. status.Partitions.Select(Describe)];
        }
        catch (CommandFailure failure)
        {
            var lines = failure.Message.Split('\n', 2);
            return [new Finding(FindingSeverity.Fail, Subject, lines[0], "No silo runs there, or it is starting or stopping.", lines.Length > 1 ? lines[1] : "Ask again; look into the silo's log.")];
        }
    }

    private static Finding Describe(Uri address, StatusAnswer status)
    {
        var found = $"{address.GetLeftPart(UriPartial.Authority)} has read {Words.Number(status.Records)} lines, {Words.Number(status.Refused.Total)} refused";
        return status.Refused.Total * 2 <= status.Records
            ? new Finding(FindingSeverity.Ok, Subject, found)
            : new Finding(FindingSeverity.Warn, Subject, found, "Most lines are not understood: they are of another format, or not a log.", "See 'grains status' for the reasons; name the format, or the rule for courses.");
    }

    private static Finding Describe(PartitionStatus partition)
        => new(FindingSeverity.Ok, "source", $"{partition.Source} {partition.Partition}: behind {Words.Amount(partition.Lag, partition.Unit)}, not yet durable {Words.Amount(partition.DurableLag, partition.Unit)}");
}
