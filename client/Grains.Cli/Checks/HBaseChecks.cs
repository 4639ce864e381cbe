using Grains.Storage.HBase;
using HBase.Client;

namespace Grains.Cli.Checks;

/// <summary>HBase, and the tables in which a silo with default settings keeps courses and sources.</summary>
internal static class HBaseChecks
{
    private const string Subject = "hbase";

    private static readonly string[] Storages = ["course", "source"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IEnumerable<Finding>> RunAsync(string masters, CancellationToken cancellationToken)
    {
        var options = new HBaseStorageOptions { Client = new HBaseClientOptions { Masters = masters, OperationTimeout = Patience } };
        if (options.Validate() is { Count: > 0 } faults) return faults.Select(static fault => new Finding(FindingSeverity.Fail, Subject, fault, "The settings contradict the rules.", "Correct --hbase: HOST:PORT,HOST:PORT, the masters."));

        await using var database = new HBaseDatabase(options);
        try
        {
            var cluster = await database.Client.Admin.GetClusterStatusAsync(cancellationToken).ConfigureAwait(false);
            return [.. Describe(cluster), .. await TablesAsync(database, cancellationToken).ConfigureAwait(false)];
        }
        catch (HBaseException failure)
        {
            return [Failed(failure)];
        }
    }

    private static IEnumerable<Finding> Describe(ClusterStatus cluster)
    {
        var found = $"HBase {cluster.Version}, master {cluster.Master}, {cluster.LiveServers.Count} region servers";
        yield return cluster.LiveServers.Count > 0
            ? new Finding(FindingSeverity.Ok, Subject, found)
            : new Finding(FindingSeverity.Fail, Subject, found, "No region server is at work, so no row can be read or written.", "Start region servers; look into their logs.");
        if (cluster.DeadServers.Count > 0)
        {
            yield return new Finding(
                FindingSeverity.Warn, Subject, $"{cluster.DeadServers.Count} dead region servers", "They died; their regions are served by others.", "Look into their logs, and start them again.");
        }
    }

    private static async Task<IEnumerable<Finding>> TablesAsync(HBaseDatabase database, CancellationToken cancellationToken)
    {
        // They announce their tables.
        foreach (var name in Storages) _ = (new HBaseSnapshots(database, name), new HBaseHistory(database, name));
        var findings = await HBaseStorageCheck.RunAsync(database, cancellationToken).ConfigureAwait(false);
        if (findings.Count == 0) return [new Finding(FindingSeverity.Ok, "tables", $"all are in namespace '{database.Options.Namespace}', as they should be")];

        return findings.Select(static finding => new Finding(
            finding.IsError ? FindingSeverity.Fail : FindingSeverity.Warn, "tables", finding.Text, "The table is not as the storage's settings say.", "As said; a silo makes absent tables at its start."));
    }

    private static Finding Failed(HBaseException failure) => new(
        FindingSeverity.Fail,
        Subject,
        failure.Message,
        failure.Failure == HBaseFailure.AccessDenied ? "The user may not do this." : "No master answers there, or a firewall is between, or the cluster is starting.",
        failure.Failure == HBaseFailure.AccessDenied ? "Give the user the right to read the cluster's state and its tables." : "Check that HBase runs, and that --hbase names its masters (port 16000 unless set otherwise).");
}
