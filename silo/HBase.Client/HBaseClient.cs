using System.Diagnostics.Metrics;
using HBase.Client.Regions;
using HBase.Client.Rpc;

namespace HBase.Client;

/// <summary>A client of one HBase cluster. Make one for a process and keep it: it holds a connection to each server, and what it learned of where regions are. Safe for concurrent use.</summary>
public sealed class HBaseClient : IAsyncDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string TelemetryName = "HBase.Client";

    private readonly ServerPool _pool;
    private readonly ClientMetrics _metrics;
    private readonly RegionCaller _caller;
    private readonly ClientPools _pools = new();

    /// <summary>Connects to nothing yet: connections are made as they are needed.</summary>
    /// <param name="options">How to reach the cluster; read once, here.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="meters">Who makes the meter; a static one by default.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names all that are.</exception>
    public HBaseClient(HBaseClientOptions options, TimeProvider? time = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException($"HBaseClientOptions: {string.Join(" ", faults)}", nameof(options));

        var clock = time ?? TimeProvider.System;
        _pool = new ServerPool(options, clock);
        _metrics = new ClientMetrics(meters, clock, () => _pool.CallsInFlight, () => _pool.OpenConnections);
        var registry = new Registry(options, _pool);
        _caller = new RegionCaller(options, new RegionLocator(registry, _pool, _metrics), _pool, _metrics, clock);
        Admin = new HBaseAdmin(registry, _pool, _caller, _pools.NonceGroup);
    }

    /// <summary>A client with the masters named (<c>host:port,…</c>) and otherwise the usual options.</summary>
    public HBaseClient(string masters) : this(new HBaseClientOptions { Masters = masters })
    {
    }

    /// <summary>Tables, namespaces, regions and servers.</summary>
    public HBaseAdmin Admin { get; }

    /// <summary>A table to read and write. Nothing is asked of a server: whether it exists shows with the first call.</summary>
    public HBaseTable GetTable(TableName name) => name.Qualifier is null ? throw new ArgumentException("The table has no name.", nameof(name)) : new HBaseTable(name, _caller, _pools);

    /// <summary>Closes the connections; calls that are under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }
}
