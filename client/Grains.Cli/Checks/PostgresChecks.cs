using Grains.Storage.Postgres;

namespace Grains.Cli.Checks;

/// <summary>The database in which silos find each other and keep states.</summary>
internal static class PostgresChecks
{
    public static async Task<IEnumerable<Finding>> RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        var findings = await PostgresCheck.RunAsync(connectionString, cancellationToken).ConfigureAwait(false);
        return findings.Select(static finding => new Finding(finding.IsFault ? FindingSeverity.Fail : FindingSeverity.Ok, finding.Subject, finding.Found, finding.Cause, finding.Fix));
    }
}
