using System.Net.Sockets;
using Grains.Streams;
using Grains.Streams.Storage;
using Grains.Weblog;
using Microsoft.Extensions.Options;

namespace Grains.Silo;

/// <summary>Says of a failure what a person can do about it.</summary>
internal static class Fault
{
    /// <summary>A line for each fault; null where the failure is none that a person can mend.</summary>
    public static IReadOnlyList<string>? Explain(Exception failure) => failure switch
    {
        OptionsValidationException invalid => [.. invalid.Failures.Select(fault => $"grains: {fault}")],
        SourceException or SnapshotStorageException or WeblogDataException => [$"grains: {failure.Message}"],
        InvalidOperationException when failure.InnerException is FormatException or InvalidOperationException or InvalidCastException => [$"grains: {failure.Message} {failure.InnerException.Message}"],
        InvalidOperationException when failure.Message.Contains("ErrorOnUnknownConfiguration", StringComparison.Ordinal) => [$"grains: a setting has no meaning here: {failure.Message}"],
        IOException when Socket(failure) is SocketError.AddressAlreadyInUse => [$"grains: {failure.Message} Another program has that port: name another one with --http PORT."],
        IOException when Socket(failure) is SocketError.AccessDenied => [$"grains: {failure.Message} This user may not open that port: name one above 1023 with --http PORT."],
        IOException or UnauthorizedAccessException => [$"grains: {failure.Message}"],
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };

    private static SocketError? Socket(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException!)
        {
            if (cause is SocketException socket) return socket.SocketErrorCode;
        }

        return null;
    }
}
