namespace HBase.Client.Rpc;

/// <summary>Where an attempt of a call failed.</summary>
internal enum RpcFaultKind
{
    /// <summary>A server answered with an exception.</summary>
    Remote,

    /// <summary>Nothing was sent.</summary>
    NotSent,

    /// <summary>It was or may have been sent; the connection ended before the answer.</summary>
    ConnectionLost,

    /// <summary>It was or may have been sent; the answer did not come in time.</summary>
    TimedOut,

    /// <summary>The answer makes no sense.</summary>
    BadAnswer,
}

/// <summary>One attempt of a call failed. The caller of the attempt decides what that means; users see <see cref="HBaseException"/>.</summary>
internal sealed class RpcException(RpcFaultKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public RpcFaultKind Kind { get; } = kind;

    public RemoteFault? Remote { get; init; }

    /// <summary>Whether the server may have done what it was asked, or may yet do it.</summary>
    public bool MayHaveBeenDone => Kind is RpcFaultKind.ConnectionLost or RpcFaultKind.TimedOut or RpcFaultKind.BadAnswer;
}
