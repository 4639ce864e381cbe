namespace HBase.Client;

/// <summary>A call failed for good: every retry that could help was made. The message says what, on what, why, and what next.</summary>
/// <param name="message">What, on what, why, what next.</param>
/// <param name="failure">What the caller can do.</param>
/// <param name="inner">The cause.</param>
public sealed class HBaseException(string message, HBaseFailure failure, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the caller can do.</summary>
    public HBaseFailure Failure { get; } = failure;

    /// <summary>The Java class of the server's exception, if a server sent one.</summary>
    public string? RemoteClass { get; init; }

    /// <summary>Whether the same call may succeed later. A write of unknown outcome is not transient: it must be looked at first.</summary>
    public bool IsTransient => Failure is HBaseFailure.Unavailable or HBaseFailure.ServerBusy or HBaseFailure.Timeout;
}
