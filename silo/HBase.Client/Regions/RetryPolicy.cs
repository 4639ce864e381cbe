using System.Security.Cryptography;
using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>How long to wait before the next attempt: anything between nothing and a bound that doubles (full jitter), so that callers that failed together do not come back together.</summary>
internal sealed class RetryPolicy(HBaseClientOptions options)
{
    private const int OverloadFactor = 4;
    private const int JitterSteps = 1000;

    public TimeSpan Pause(int attempt, FaultAction action, TimeSpan? asked)
    {
        if (asked is { } wait) return wait;
        if (action == FaultAction.RetryNow) return TimeSpan.Zero;

        var bound = options.RetryPause * Math.Pow(2, Math.Min(attempt - 1, 20)) * (action == FaultAction.RetryLater ? OverloadFactor : 1);
        if (bound > options.MaxRetryPause) bound = options.MaxRetryPause;
        return bound * RandomNumberGenerator.GetInt32(1, JitterSteps + 1) / JitterSteps;
    }
}
