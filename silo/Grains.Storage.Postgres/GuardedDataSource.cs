using System.Data.Common;
using Npgsql;

namespace Grains.Storage.Postgres;

/// <summary>Opens connections for Orleans' provider, says of a failure that it was in the opening (<see cref="NotConnectedException"/>), and after one fails at once for a while.</summary>
/// <remarks>Without the latter a batch of thousands of rows would wait for a server that does not answer once for every few of them.</remarks>
internal sealed class GuardedDataSource(NpgsqlDataSource inner, TimeSpan delay, TimeProvider time) : DbDataSource
{
    private Fault? _fault;

    public override string ConnectionString => inner.ConnectionString;

    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _fault) is { } fault && time.GetElapsedTime(fault.Since) < delay) throw new NotConnectedException(fault.Cause);

        try
        {
            return await inner.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            Volatile.Write(ref _fault, new Fault(cause, time.GetTimestamp()));
            throw new NotConnectedException(cause);
        }
    }

    /// <summary>Asks, before many writes, whether the connections that are kept still lead to a server, and lets go of them where they do not.</summary>
    /// <remarks>A write over a connection that has died unseen may have been done, as far as its caller can tell; one that finds no connection was not.</remarks>
    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var probe = new NpgsqlCommand("SELECT 1", connection);
                await using (probe.ConfigureAwait(false)) await probe.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (NotConnectedException)
        {
            // The writes find that out themselves, at once.
        }
        catch (Exception dead) when (PostgresFailure.IsOurs(dead))
        {
            Volatile.Write(ref _fault, new Fault(dead, time.GetTimestamp()));
            inner.Clear();
        }
    }

    protected override DbConnection CreateDbConnection() => inner.CreateConnection();

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => await OpenAsync(cancellationToken).ConfigureAwait(false);

    private sealed record Fault(Exception Cause, long Since);
}
