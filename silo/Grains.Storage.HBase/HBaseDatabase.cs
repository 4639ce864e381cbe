using System.Collections.Concurrent;
using Grains.Streams.Storage;
using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>The connection of an application to its tables in HBase: one client for all of them. Safe for concurrent use.</summary>
public sealed class HBaseDatabase : IAsyncDisposable
{
    private static readonly TimeSpan StatePoll = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<TableName, bool> _ready = new();
    private readonly ConcurrentDictionary<TableName, TableLayout> _layouts = new();
    private readonly SemaphoreSlim _making = new(1);
    private readonly TimeProvider _time;

    /// <param name="options">Where and how; read once, here.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names all that are.</exception>
    public HBaseDatabase(HBaseStorageOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException($"HBaseStorageOptions: {string.Join(" ", faults)}", nameof(options));

        (Options, _time) = (options, time ?? TimeProvider.System);
        Client = new HBaseClient(options.Client, time);
    }

    /// <summary>The client, for uses of its own.</summary>
    public HBaseClient Client { get; }

    /// <summary>The settings.</summary>
    public HBaseStorageOptions Options { get; }

    internal IEnumerable<TableLayout> Layouts => _layouts.Values;

    /// <summary>Makes the namespace and the tables that storages on this database have announced and that are absent. Storages do so themselves with their first call; doing it at start shows faults early.</summary>
    /// <exception cref="SnapshotStorageException">A table could not be made.</exception>
    public async Task EnsureTablesAsync(CancellationToken cancellationToken)
    {
        foreach (var layout in _layouts.Values) await ReadyAsync(layout, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().ConfigureAwait(false);
        _making.Dispose();
    }

    internal TableLayout Announce(TableLayout layout) => _layouts.GetOrAdd(layout.Name, layout);

    internal TableName Name(string name, string kind) => new(Options.Namespace, $"{name}_{kind}");

    /// <summary>The table, which is there when this returns.</summary>
    /// <exception cref="SnapshotStorageException">It is not, and could not be made.</exception>
    internal async ValueTask<HBaseTable> ReadyAsync(TableLayout layout, CancellationToken cancellationToken)
    {
        if (!_ready.ContainsKey(layout.Name) && Options.CreateTables) await MakeAsync(layout, cancellationToken).ConfigureAwait(false);
        return Client.GetTable(layout.Name);
    }

    private async Task MakeAsync(TableLayout layout, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_ready.ContainsKey(layout.Name)) return;

            if (await Client.Admin.DescribeTableAsync(layout.Name, cancellationToken).ConfigureAwait(false) is null)
            {
                await MakeNamespaceAsync(layout.Name.Namespace, cancellationToken).ConfigureAwait(false);
                await Client.Admin.CreateTableIfAbsentAsync(layout.Describe(), layout.SplitKeys, cancellationToken).ConfigureAwait(false);
            }

            await EnabledAsync(layout.Name, cancellationToken).ConfigureAwait(false);
            _ready[layout.Name] = true;
        }
        catch (HBaseException e)
        {
            throw HBaseFailures.Wrap($"HBase table '{layout.Name}' could not be made sure of", e);
        }
        finally
        {
            _making.Release();
        }
    }

    // Another silo may be making it just now. It has a description before it has regions, and until it has them calls would say that there is no such table.
    private async Task EnabledAsync(TableName table, CancellationToken cancellationToken)
    {
        var since = _time.GetTimestamp();
        while (await Client.Admin.GetTableStateAsync(table, cancellationToken).ConfigureAwait(false) is var state and (TableState.Absent or TableState.Enabling))
        {
            if (_time.GetElapsedTime(since) > Options.Client.OperationTimeout)
            {
                throw new HBaseException($"it is still {state} after {Options.Client.OperationTimeout.TotalSeconds:0.#} s. See what the master's procedures wait for; it is tried again.", HBaseFailure.Unavailable);
            }

            await Task.Delay(StatePoll, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MakeNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        var known = await Client.Admin.ListNamespacesAsync(cancellationToken).ConfigureAwait(false);
        if (known.Contains(name)) return;

        try
        {
            await Client.Admin.CreateNamespaceAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (HBaseException e) when (e.RemoteClass?.EndsWith(".NamespaceExistException", StringComparison.Ordinal) == true)
        {
            // Another silo made it meanwhile.
        }
    }
}
