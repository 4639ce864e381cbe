using Grains.Abstractions.Questions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grains.Api;

/// <summary>Ready when questions are answered.</summary>
internal sealed class ReadinessCheck(ICourseStatistics statistics) : IHealthCheck
{
    /// <summary>The tag of every check that <c>/readyz</c> runs.</summary>
    public const string Tag = "ready";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        _ = await statistics.StatusAsync(cancellationToken).ConfigureAwait(false);
        return HealthCheckResult.Healthy();
    }
}
