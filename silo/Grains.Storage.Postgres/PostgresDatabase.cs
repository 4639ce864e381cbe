using Grains.Streams.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Grains.Storage.Postgres;

/// <summary>The connections of an application to its state in PostgreSQL, for all storages of a silo together. Safe for concurrent use.</summary>
/// <remarks>Rows belong to the cluster's <see cref="ClusterOptions.ServiceId"/>: services with different ones can share a database and do not see each other's states.</remarks>
public sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>Connections beside those of <see cref="PostgresOptions.MaxConcurrentCalls"/>, for listings.</summary>
    private const int ListingConnections = 4;

    private readonly NpgsqlDataSource _connections;
    private readonly SemaphoreSlim _installing = new(1);
    private bool _isInstalled;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="services">Orleans' serializer and activators, and the clock and the cluster's options where there are any.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names all faults.</exception>
    public PostgresDatabase(PostgresOptions options, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Settings = options.Connect("storage", options.MaxConcurrentCalls + ListingConnections);
        ServiceId = services.GetService<IOptions<ClusterOptions>>()?.Value.ServiceId ?? ClusterOptions.DefaultServiceId;
        Calls = new SemaphoreSlim(options.MaxConcurrentCalls);
        Activators = services.GetRequiredService<IActivatorProvider>();
        Binary = new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>());
        _connections = new NpgsqlDataSourceBuilder(Settings.ConnectionString).Build();
        Source = new GuardedDataSource(_connections, options.ReconnectDelay, services.GetService<TimeProvider>() ?? TimeProvider.System);
        Rows = new StateRows(this, Binary);
    }

    /// <summary>The settings.</summary>
    public PostgresOptions Options { get; }

    internal NpgsqlConnectionStringBuilder Settings { get; }

    internal string ServiceId { get; }

    internal SemaphoreSlim Calls { get; }

    internal SemaphoreSlim Starting { get; } = new(1);

    internal IActivatorProvider Activators { get; }

    internal IGrainStorageSerializer Binary { get; }

    internal GuardedDataSource Source { get; }

    /// <summary>Rows of snapshots and history, whose bytes are Orleans' binary format: JSON would blow a payload up by a third, and cost more to write than the row does.</summary>
    internal StateRows Rows { get; }

    /// <summary>Installs the tables where <see cref="PostgresOptions.InstallSchema"/> says so. Storages do so themselves with their first call; doing it at start shows faults early.</summary>
    /// <exception cref="SnapshotStorageException">They could not be installed.</exception>
    public async ValueTask EnsureSchemaAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isInstalled) || !Options.InstallSchema) return;

        await _installing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isInstalled) return;

            // Fails at once while the server is known to be away.
            var connection = await Source.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false)) await PostgresSchema.InstallAsync(connection, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _isInstalled, true);
        }
        catch (Exception error) when (PostgresFailure.IsOurs(error))
        {
            throw PostgresFailure.Describe("Installing the tables in", Settings, error);
        }
        finally
        {
            _installing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
        _installing.Dispose();
        Starting.Dispose();
        Calls.Dispose();
    }
}
