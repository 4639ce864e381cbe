using System.Globalization;
using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <summary>What to do about an exception of a server.</summary>
internal enum FaultAction
{
    /// <summary>Nothing helps.</summary>
    Fail,

    /// <summary>Try again after a pause, at the same place.</summary>
    Retry,

    /// <summary>Try again at once, at the same place.</summary>
    RetryNow,

    /// <summary>Try again after a long pause: the server is overloaded.</summary>
    RetryLater,

    /// <summary>Forget where the region is, and try again.</summary>
    Relocate,

    /// <summary>Forget where all regions of the server are, close the connection, and try again.</summary>
    LeaveServer,

    /// <summary>Ask again who the master is.</summary>
    FindMaster,

    /// <summary>Open a new scanner behind the last row.</summary>
    ReopenScanner,

    /// <summary>The connection itself is refused: a fault of the configuration.</summary>
    Refused,
}

/// <summary>An exception that a server sent, and what it asks for.</summary>
/// <param name="ClassName">The Java class.</param>
/// <param name="Message">First line of what the server said.</param>
/// <param name="Action">What to do.</param>
internal sealed record RemoteFault(string ClassName, string Message, FaultAction Action)
{
    private const string Package = "org.apache.hadoop.hbase.";
    private const int MaxMessageLength = 500;

    /// <summary>Where the region went, if the server knows.</summary>
    public HBaseEndpoint? MovedTo { get; private init; }

    /// <summary>How far the region was when it went: its sequence number, which grows with every opening; 0 if the server does not say.</summary>
    public long MovedAt { get; private init; }

    /// <summary>How long the server asks to wait, if it does.</summary>
    public TimeSpan? Wait { get; private init; }

    /// <summary>Whether the class is in the table below; one that is not may come from the middle of a write.</summary>
    public bool IsKnown { get; private init; }

    public string ShortName => ClassName[(ClassName.LastIndexOf('.') + 1)..];

    /// <summary>Of a whole call.</summary>
    public static RemoteFault From(ExceptionResponse response)
    {
        var fault = From(response.ExceptionClassName, response.StackTrace, response.DoNotRetry);
        if (response.ServerOverloaded && fault.Action is FaultAction.Retry or FaultAction.Relocate) fault = fault with { Action = FaultAction.RetryLater };
        if (fault.Action == FaultAction.Relocate && fault.MovedTo is null && response is { HasHostname: true, HasPort: true } && fault.ShortName == "RegionMovedException")
        {
            fault = fault with { MovedTo = Target(response.Hostname, response.Port) };
        }

        return fault;
    }

    /// <summary>Of one action or region of a batch: class name and text are all there is.</summary>
    public static RemoteFault From(string className, string text, bool doNotRetry = false)
    {
        var message = FirstLine(className, text);
        var known = Decide(className);
        return new RemoteFault(className, message, known ?? (doNotRetry ? FaultAction.Fail : FaultAction.Relocate))
        {
            IsKnown = known is not null || doNotRetry,
            MovedTo = className.EndsWith(".RegionMovedException", StringComparison.Ordinal) ? ParseMovedTo(message) : null,
            MovedAt = long.TryParse(Between(message, "locationSeqNum=", '.'), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0,
            Wait = className.EndsWith(".RpcThrottlingException", StringComparison.Ordinal) ? ParseWait(message) : null,
        };
    }

    // The table of the protocol paper, 1.4. Order matters where a class is both special and "do not retry".
    private static FaultAction? Decide(string className)
    {
        var name = className.StartsWith(Package, StringComparison.Ordinal) ? className[Package.Length..] : className;
        return name switch
        {
            "NotServingRegionException" or "exceptions.RegionMovedException" or "exceptions.RegionOpeningException" or "regionserver.WrongRegionException"
                or "client.RegionOfflineException" or "regionserver.RegionInRecoveryException" => FaultAction.Relocate,
            "RegionTooBusyException" or "exceptions.OperationConflictException" or "regionserver.FailedCloseWALAfterInitializedErrorException" => FaultAction.Retry,
            "CallQueueTooBigException" or "CallDroppedException" or "quotas.RpcThrottlingException" or "ipc.CallTimeoutException" => FaultAction.RetryLater,
            "RetryImmediatelyException" or "MultiActionResultTooLarge" => FaultAction.RetryNow,
            "regionserver.RegionServerStoppedException" or "regionserver.RegionServerAbortedException" or "ipc.ServerNotRunningYetException" => FaultAction.LeaveServer,
            "PleaseHoldException" or "MasterNotRunningException" or "exceptions.MasterStoppedException" or "NotAllMetaRegionsOnlineException" => FaultAction.FindMaster,
            "UnknownScannerException" or "exceptions.ScannerResetException" or "exceptions.OutOfOrderScannerNextException" or "regionserver.LeaseException" => FaultAction.ReopenScanner,
            "ipc.FatalConnectionException" or "ipc.BadAuthException" or "ipc.WrongVersionException" or "ipc.UnknownServiceException" or "ipc.UnsupportedCellCodecException"
                or "ipc.UnsupportedCompressionCodecException" or "ipc.UnsupportedCryptoException" => FaultAction.Refused,
            "security.AccessDeniedException" or "TableNotFoundException" or "TableNotEnabledException" or "TableExistsException" or "DoNotRetryIOException" or "NamespaceNotFoundException"
                or "NamespaceExistException" or "regionserver.NoSuchColumnFamilyException" or "exceptions.FailedSanityCheckException" or "ipc.RequestTooBigException"
                or "quotas.QuotaExceededException" or "InvalidFamilyOperationException" or "io.hfile.CorruptHFileException" or "exceptions.UnknownProtocolException"
                or "regionserver.CorruptHFileException" or "TableNotDisabledException" or "constraint.ConstraintException" or "InvalidTableNameException" => FaultAction.Fail,
            _ => null,
        };
    }

    // Region moved to: hostname=H port=P startCode=S. As of locationSeqNum=N.
    private static HBaseEndpoint? ParseMovedTo(string message) =>
        Between(message, "hostname=", ' ') is { } host && int.TryParse(Between(message, "port=", ' '), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? Target(host, port) : null;

    private static HBaseEndpoint? Target(string host, int port) => host.Length > 0 && port is > 0 and <= ushort.MaxValue ? new HBaseEndpoint(host, port) : null;

    // … - wait 1mins, 2sec, 200ms
    private static TimeSpan? ParseWait(string message)
    {
        var at = message.LastIndexOf("wait ", StringComparison.Ordinal);
        if (at < 0) return null;

        var total = TimeSpan.Zero;
        foreach (var part in message[(at + 5)..].Split(", "))
        {
            var digits = part.TakeWhile(char.IsAsciiDigit).Count();
            if (!int.TryParse(part.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)) return null;

            var unit = part[digits..].Trim();
            if (unit.StartsWith("ms", StringComparison.Ordinal)) total += TimeSpan.FromMilliseconds(amount);
            else if (unit.StartsWith("sec", StringComparison.Ordinal)) total += TimeSpan.FromSeconds(amount);
            else if (unit.StartsWith("min", StringComparison.Ordinal)) total += TimeSpan.FromMinutes(amount);
            else if (unit.StartsWith("hr", StringComparison.Ordinal)) total += TimeSpan.FromHours(amount);
            else return null;
        }

        return total;
    }

    private static string? Between(string text, string before, char after)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal);
        if (start < 0) return null;

        start += before.Length;
        var end = text.IndexOf(after, start);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static string FirstLine(string className, string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var line = (end < 0 ? text : text[..end]).Trim();
        if (line.StartsWith(className, StringComparison.Ordinal)) line = line[className.Length..].TrimStart(':', ' ');
        return line.Length <= MaxMessageLength ? line : line[..MaxMessageLength];
    }
}
