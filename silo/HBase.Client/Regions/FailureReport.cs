using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>Makes the exception that the user sees: what, on what, why, what next.</summary>
internal static class FailureReport
{
    public static HBaseException Create(string verb, TableName table, ReadOnlySpan<byte> row, string? place, int attempts, Exception cause, bool ambiguous)
    {
        var remote = (cause as RpcException)?.Remote;
        var failure = ambiguous ? HBaseFailure.OutcomeUnknown : Classify(cause);
        var what = $"{verb} on '{table}'{(row.IsEmpty ? "" : $" row '{Shorten(HBaseBytes.ToDisplay(row))}'")} failed{(place is null ? "" : $" on {place}")} after {attempts} {(attempts == 1 ? "attempt" : "attempts")}";
        return new HBaseException($"{what}: {cause.Message.TrimEnd('.')}. {Advice(failure, cause.Message)}", failure, cause) { RemoteClass = remote?.ClassName ?? (cause as HBaseException)?.RemoteClass };
    }

    private static HBaseFailure Classify(Exception cause) => cause switch
    {
        HBaseException known => known.Failure,
        RpcException { Remote: { } remote } => remote.Action switch
        {
            FaultAction.Fail => remote.ShortName switch
            {
                "TableNotFoundException" or "TableNotEnabledException" => HBaseFailure.TableUnavailable,
                "AccessDeniedException" => HBaseFailure.AccessDenied,
                _ => HBaseFailure.Rejected,
            },
            FaultAction.Refused => remote.ShortName is "BadAuthException" or "AccessDeniedException" ? HBaseFailure.AccessDenied : HBaseFailure.Protocol,
            FaultAction.Retry or FaultAction.RetryNow or FaultAction.RetryLater => HBaseFailure.ServerBusy,
            _ => HBaseFailure.Unavailable,
        },
        RpcException { Kind: RpcFaultKind.TimedOut } => HBaseFailure.Timeout,
        RpcException { Kind: RpcFaultKind.BadAnswer } => HBaseFailure.Protocol,
        _ => HBaseFailure.Unavailable,
    };

    private static string Advice(HBaseFailure failure, string cause) => failure switch
    {
        HBaseFailure.OutcomeUnknown => "It may have been done, or may yet be: read before writing again what must not be written twice.",
        HBaseFailure.ServerBusy => "The call can be repeated, later and less often.",
        HBaseFailure.Unavailable or HBaseFailure.Timeout => "The call can be repeated.",
        HBaseFailure.TableUnavailable => "Create or enable the table.",
        HBaseFailure.AccessDenied => "Check the user and its rights.",
        HBaseFailure.Protocol => "Check that the server is an HBase 2.5 or later, and reached directly.",
        _ when cause.Contains("exceeds limit of", StringComparison.Ordinal) => "Write smaller cells, or raise hbase.server.keyvalue.maxsize at the servers.",
        _ => "Repeating it is of no use.",
    };

    private static string Shorten(string text) => text.Length <= 100 ? text : $"{text[..100]}…";
}
