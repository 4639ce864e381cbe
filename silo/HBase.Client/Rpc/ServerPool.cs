using System.Collections.Concurrent;

namespace HBase.Client.Rpc;

/// <summary>The connections of a client: one for each service of each server, made when first needed and again when it has ended.</summary>
internal sealed class ServerPool(HBaseClientOptions options, TimeProvider time) : IAsyncDisposable
{
    public const string ClientService = "ClientService";
    public const string MasterService = "MasterService";
    public const string AdminService = "AdminService";
    public const string ClientMetaService = "ClientMetaService";

    private readonly Connector _connector = new(options, time);
    private readonly ConcurrentDictionary<(HBaseEndpoint Server, string Service), Place> _places = new();
    private volatile bool _disposed;

    public int CallsInFlight => _places.Values.Sum(static place => place.Current?.CallsInFlight ?? 0);

    public int OpenConnections => _places.Values.Count(static place => place.Current is { IsOpen: true });

    /// <exception cref="RpcException">There is no connection; nothing was sent.</exception>
    public ValueTask<RpcConnection> GetAsync(HBaseEndpoint server, string service, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var place = _places.GetOrAdd((server, service), static _ => new Place());
        return place.Current is { IsOpen: true } open ? new ValueTask<RpcConnection>(open) : ConnectAsync(place, server, service, timeout, cancellationToken);
    }

    /// <summary>Closes the connections to a server that is going away.</summary>
    public void Leave(HBaseEndpoint server)
    {
        foreach (var (key, place) in _places)
        {
            if (key.Server == server) place.Current?.Close(new IOException($"{server} is stopping."));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (var place in _places.Values)
        {
            Task<RpcConnection>? connecting;
            lock (place.Gate) connecting = place.Connecting;
            try
            {
                if (connecting is not null) await (await connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is RpcException or HBaseException)
            {
                // There was no connection to close.
            }

            if (place.Current is { } current) await current.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<RpcConnection> ConnectAsync(Place place, HBaseEndpoint server, string service, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task<RpcConnection> connecting;
        lock (place.Gate)
        {
            if (place.Current is { IsOpen: true } open) return open;

            ObjectDisposedException.ThrowIf(_disposed, typeof(HBaseClient));
            connecting = place.Connecting ??= MakeAsync(place, server, service);
        }

        try
        {
            return await connecting.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new RpcException(RpcFaultKind.NotSent, $"no connection to {server} within {timeout.TotalSeconds:0.##} s", e);
        }
    }

    // One attempt for all who wait; it outlives a caller who gives up.
    private async Task<RpcConnection> MakeAsync(Place place, HBaseEndpoint server, string service)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var connection = await _connector.ConnectAsync(server, service).ConfigureAwait(false);
            lock (place.Gate)
            {
                place.Current = connection;
                place.Connecting = null;
            }

            return connection;
        }
        catch
        {
            lock (place.Gate) place.Connecting = null;
            throw;
        }
    }

    private sealed class Place
    {
        private volatile RpcConnection? _current;

        public Lock Gate { get; } = new();

        public RpcConnection? Current { get => _current; set => _current = value; }

        public Task<RpcConnection>? Connecting { get; set; } // Guarded by Gate.
    }
}
