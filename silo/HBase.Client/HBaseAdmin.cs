using Google.Protobuf;
using HBase.Client.Protocol;
using HBase.Client.Regions;
using HBase.Client.Rpc;

namespace HBase.Client;

/// <summary>Makes, changes and drops tables and namespaces; looks at regions and servers. Calls go to the active master and return when the work is done.</summary>
/// <remarks>Every call throws <see cref="HBaseException"/> when it failed; <see cref="HBaseFailure.Rejected"/> with the server's exception class in <see cref="HBaseException.RemoteClass"/> where it was wrong.</remarks>
public sealed class HBaseAdmin
{
    private readonly RegionLocator _locator;
    private readonly Registry _registry;
    private readonly ServerPool _pool;
    private readonly RegionCaller _caller;
    private readonly MasterCaller _master;
    private readonly ulong _nonceGroup;

    internal HBaseAdmin(Registry registry, ServerPool pool, RegionCaller caller, ulong nonceGroup)
    {
        (_registry, _pool, _caller, _locator, _nonceGroup) = (registry, pool, caller, caller.Locator, nonceGroup);
        _master = new MasterCaller(registry, pool, caller);
    }

    /// <summary>Makes a table, with a region border at each split key.</summary>
    public Task CreateTableAsync(TableDescriptor table, IReadOnlyList<byte[]>? splitKeys = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        var request = new CreateTableRequest { TableSchema = table.ToMessage(), NonceGroup = _nonceGroup, Nonce = Nonce.Random() };
        foreach (var key in splitKeys ?? []) request.SplitKeys.Add(ByteString.CopyFrom(key));
        return _master.RunProcedureAsync("CreateTable", request, cancellationToken);
    }

    /// <summary>Makes a table if there is none of the name; true: it was made here. An existing one is not compared.</summary>
    public async Task<bool> CreateTableIfAbsentAsync(TableDescriptor table, IReadOnlyList<byte[]>? splitKeys = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (await DescribeTableAsync(table.Name, cancellationToken).ConfigureAwait(false) is not null) return false;

        try
        {
            await CreateTableAsync(table, splitKeys, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (HBaseException e) when (e.RemoteClass?.EndsWith(".TableExistsException", StringComparison.Ordinal) == true)
        {
            return false;
        }
    }

    /// <summary>Changes a table to what the description says, families included; it stays in use meanwhile.</summary>
    public Task AlterTableAsync(TableDescriptor table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        var request = new ModifyTableRequest { TableName = table.Name.ToMessage(), TableSchema = table.ToMessage(), NonceGroup = _nonceGroup, Nonce = Nonce.Random() };
        return _master.RunProcedureAsync("ModifyTable", request, cancellationToken);
    }

    /// <summary>Takes a table out of use.</summary>
    public Task DisableTableAsync(TableName table, CancellationToken cancellationToken = default) => _master.RunProcedureAsync("DisableTable", Action(table), cancellationToken);

    /// <summary>Takes a table into use.</summary>
    public Task EnableTableAsync(TableName table, CancellationToken cancellationToken = default) => _master.RunProcedureAsync("EnableTable", Action(table), cancellationToken);

    /// <summary>Drops a table and all its data; it must be disabled.</summary>
    public async Task DeleteTableAsync(TableName table, CancellationToken cancellationToken = default)
    {
        await _master.RunProcedureAsync("DeleteTable", Action(table), cancellationToken).ConfigureAwait(false);
        foreach (var region in _locator.Map(table).All) _locator.Remove(region);
    }

    /// <summary>A table's description; null if there is no such table.</summary>
    public async Task<TableDescriptor?> DescribeTableAsync(TableName table, CancellationToken cancellationToken = default)
    {
        var request = new GetTableDescriptorsRequest();
        request.TableNames.Add(table.ToMessage());
        var answer = await _master.CallAsync("GetTableDescriptors", request, GetTableDescriptorsResponse.Parser, cancellationToken).ConfigureAwait(false);
        return answer.TableSchema.Select(TableDescriptor.FromMessage).FirstOrDefault();
    }

    /// <summary>The names of all tables but the system's own.</summary>
    public async Task<IReadOnlyList<TableName>> ListTablesAsync(CancellationToken cancellationToken = default)
    {
        var answer = await _master.CallAsync("GetTableNames", new GetTableNamesRequest { IncludeSysTables = false }, GetTableNamesResponse.Parser, cancellationToken).ConfigureAwait(false);
        return [.. answer.TableNames.Select(TableName.FromMessage)];
    }

    /// <summary>Whether a table is there and in use.</summary>
    public async Task<TableState> GetTableStateAsync(TableName table, CancellationToken cancellationToken = default)
    {
        try
        {
            var request = new GetTableStateRequest { TableName = table.ToMessage() };
            var answer = await _master.CallAsync("GetTableState", request, GetTableStateResponse.Parser, cancellationToken).ConfigureAwait(false);
            return answer.TableState?.State switch
            {
                Protocol.TableState.Types.State.Disabled => TableState.Disabled,
                Protocol.TableState.Types.State.Disabling => TableState.Disabling,
                Protocol.TableState.Types.State.Enabling => TableState.Enabling,
                _ => TableState.Enabled,
            };
        }
        catch (HBaseException e) when (e.Failure == HBaseFailure.TableUnavailable)
        {
            return TableState.Absent;
        }
    }

    /// <summary>Makes a namespace.</summary>
    public Task CreateNamespaceAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new CreateNamespaceRequest { NamespaceDescriptor = new NamespaceDescriptor { Name = ByteString.CopyFromUtf8(name) }, NonceGroup = _nonceGroup, Nonce = Nonce.Random() };
        return _master.RunProcedureAsync("CreateNamespace", request, cancellationToken);
    }

    /// <summary>Drops a namespace; it must have no tables.</summary>
    public Task DeleteNamespaceAsync(string name, CancellationToken cancellationToken = default) =>
        _master.RunProcedureAsync("DeleteNamespace", new DeleteNamespaceRequest { NamespaceName = name, NonceGroup = _nonceGroup, Nonce = Nonce.Random() }, cancellationToken);

    /// <summary>The names of all namespaces, the system's own included.</summary>
    public async Task<IReadOnlyList<string>> ListNamespacesAsync(CancellationToken cancellationToken = default)
    {
        var answer = await _master.CallAsync("ListNamespaceDescriptors", new EmptyMessage(), ListNamespaceDescriptorsResponse.Parser, cancellationToken).ConfigureAwait(false);
        return [.. answer.NamespaceDescriptors.Select(static space => space.Name.ToStringUtf8())];
    }

    /// <summary>The regions of a table, by start key, as they are now.</summary>
    public async Task<IReadOnlyList<TableRegion>> ListRegionsAsync(TableName table, CancellationToken cancellationToken = default) =>
        [.. (await RegionsAsync(table, cancellationToken).ConfigureAwait(false)).Select(static region => new TableRegion(region.Name, region.StartKey, region.EndKey, region.Server))];

    /// <summary>Writes what the servers of a table hold in memory to files.</summary>
    public async Task FlushTableAsync(TableName table, CancellationToken cancellationToken = default)
    {
        foreach (var region in await RegionsAsync(table, cancellationToken).ConfigureAwait(false))
        {
            var request = new FlushRegionRequest { Region = new RegionSpecifier { Type = RegionSpecifier.Types.Kind.RegionName, Value = ByteString.CopyFrom(region.Name.Span) } };
            await OneAttemptAsync("FlushRegion", table, region.Server.ToString(), async () =>
            {
                var connection = await _pool.GetAsync(region.Server, ServerPool.AdminService, _caller.Options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
                await connection.SendAsync(new MessageCall<FlushRegionResponse>("FlushRegion", request, FlushRegionResponse.Parser), _caller.Options.OperationTimeout, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Splits the region that has the row, at the row.</summary>
    public async Task SplitRegionAsync(TableName table, ReadOnlyMemory<byte> row, CancellationToken cancellationToken = default)
    {
        var regions = await RegionsAsync(table, cancellationToken).ConfigureAwait(false);
        var region = regions.Find(known => known.Contains(row.Span)) ?? throw new HBaseException($"No region of '{table}' has the row at the moment. The call can be repeated.", HBaseFailure.Unavailable);
        var request = new SplitTableRegionRequest { RegionInfo = region.Info, SplitRow = ByteString.CopyFrom(row.Span), NonceGroup = _nonceGroup, Nonce = Nonce.Random() };
        await _master.RunProcedureAsync("SplitRegion", request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves a region to a server, or to any other where none is named.</summary>
    public async Task MoveRegionAsync(TableRegion region, HBaseServer? target = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(region);
        var request = new MoveRegionRequest
        {
            Region = new RegionSpecifier { Type = RegionSpecifier.Types.Kind.EncodedRegionName, Value = ByteString.CopyFromUtf8(region.EncodedName) },
            DestServerName = target?.ToMessage(),
        };
        await _master.CallAsync("MoveRegion", request, EmptyMessage.Parser, cancellationToken, isWrite: true).ConfigureAwait(false);
    }

    /// <summary>The cluster at a glance.</summary>
    public async Task<ClusterStatus> GetClusterStatusAsync(CancellationToken cancellationToken = default)
    {
        var answer = await _master.CallAsync("GetClusterStatus", new EmptyMessage(), GetClusterStatusResponse.Parser, cancellationToken).ConfigureAwait(false);
        var status = answer.ClusterStatus ?? new ClusterStatusMessage();
        return new ClusterStatus(
            status.HbaseVersion?.Version ?? "", status.ClusterId?.ClusterId ?? "", status.Master is null ? default : Registry.Endpoint(status.Master),
            [.. status.BackupMasters.Select(Registry.Endpoint)], [.. status.LiveServers.Select(static server => HBaseServer.FromMessage(server.Server))],
            [.. status.DeadServers.Select(HBaseServer.FromMessage)], status.BalancerOn);
    }

    /// <summary>The cluster's identity, asked of the servers named in the options: the cheapest sign of life.</summary>
    public async Task<string> GetClusterIdAsync(CancellationToken cancellationToken = default)
    {
        var id = "";
        await OneAttemptAsync("GetClusterId", null, null, async () => id = await _registry.ClusterIdAsync(_caller.Options.CallTimeout, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return id;
    }

    private async Task<List<RegionLocation>> RegionsAsync(TableName table, CancellationToken cancellationToken)
    {
        List<RegionLocation> regions = [];
        await OneAttemptAsync("ListRegions", table, null, async () => regions = await _locator.ListAsync(table, _caller.Options.CallTimeout, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return regions;
    }

    private static async Task OneAttemptAsync(string verb, TableName? table, string? place, Func<Task> attempt)
    {
        try
        {
            await attempt().ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw FailureReport.Create(verb, table ?? TableName.Meta, default, place, 1, e, ambiguous: false);
        }
    }

    private TableActionRequest Action(TableName table) => new() { TableName = table.ToMessage(), NonceGroup = _nonceGroup, Nonce = Nonce.Random() };
}
