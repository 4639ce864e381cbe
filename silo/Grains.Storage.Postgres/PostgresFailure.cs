using System.Net.Sockets;
using Grains.Streams.Storage;
using Npgsql;

namespace Grains.Storage.Postgres;

/// <summary>PostgreSQL's and Npgsql's failures in words: what, on what, why, what next.</summary>
internal static class PostgresFailure
{
    /// <summary>Whether a failure is the server's or the way's to it, and not a fault of the program.</summary>
    public static bool IsOurs(Exception error) => error is NpgsqlException or NotConnectedException or SocketException or IOException or TimeoutException;

    /// <summary>Whether a write that failed so is not in the storage and never will be.</summary>
    /// <remarks>
    /// An ERROR ends the statement's transaction. FATAL ends the session, which may be after the commit; and of a connection that broke nobody knows. <see cref="SnapshotStorageException"/> comes from making
    /// ready, before the write.
    /// </remarks>
    public static bool IsNotWritten(Exception error) => error is NotConnectedException or SnapshotStorageException or PostgresException { InvariantSeverity: "ERROR" };

    public static SnapshotStorageException Describe(string what, NpgsqlConnectionStringBuilder settings, Exception error)
    {
        var cause = error is NotConnectedException { InnerException: { } inner } ? inner : error;
        var (why, isTransient) = cause switch
        {
            PostgresException refusal => Why(refusal, settings),
            { InnerException: SocketException socket } => ($"the server cannot be reached: {socket.Message}. Start it, or correct Host and Port", true),
            SocketException socket => ($"the server cannot be reached: {socket.Message}. Start it, or correct Host and Port", true),
            TimeoutException or { InnerException: TimeoutException } => ("the server did not answer in time. Look whether it is overloaded or stopped; it is tried again", true),
            NpgsqlException { IsTransient: true } or IOException => ($"the connection was lost: {(cause.InnerException ?? cause).Message.TrimEnd('.')}. It is tried again", true),
            _ => (cause.Message.TrimEnd('.'), false),
        };
        return new SnapshotStorageException($"{what} PostgreSQL database '{Database(settings)}' on {settings.Host}:{settings.Port} failed: {why}.", isTransient, error);
    }

    private static (string Why, bool IsTransient) Why(PostgresException refusal, NpgsqlConnectionStringBuilder settings) => refusal.SqlState switch
    {
        PostgresErrorCodes.InvalidCatalogName => ($"the database does not exist. Make it (CREATE DATABASE \"{Database(settings)}\"), or name another", false),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => ($"user '{settings.Username}' was refused ({refusal.MessageText}). Correct Username and Password, or the server's pg_hba.conf", false),
        PostgresErrorCodes.InsufficientPrivilege => ($"user '{settings.Username}' may not do that ({refusal.MessageText}). Grant it the right (GRANT USAGE, CREATE ON SCHEMA public), or let somebody who may run the script of PostgresSchema.Script, and grant SELECT, INSERT, UPDATE, DELETE on its tables", false),
        PostgresErrorCodes.UndefinedTable => ($"{refusal.MessageText}. Install the tables (PostgresSchema.InstallAsync or PostgresSchema.Script)", false),
        PostgresErrorCodes.TooManyConnections => ($"{refusal.MessageText}. Lower MaxConcurrentCalls, or raise the server's max_connections", true),
        PostgresErrorCodes.DiskFull => ("the server's disk is full. Make room; it is tried again", true),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => ($"{refusal.MessageText}. It is tried again", true),
        PostgresErrorCodes.QueryCanceled => ("the statement took too long. Look whether the server is overloaded, or raise Command Timeout", true),
        _ => ($"{refusal.MessageText.TrimEnd('.')} ({refusal.SqlState}){(refusal.Hint is { } hint ? $". {hint.TrimEnd('.')}" : "")}", refusal.IsTransient),
    };

    private static string? Database(NpgsqlConnectionStringBuilder settings) => settings.Database ?? settings.Username;
}
