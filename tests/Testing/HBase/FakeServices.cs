using System.Text;
using Google.Protobuf;
using Grains.Testing.HBase.Protocol;
using HBase.Client;
using HBase.Client.Protocol;
using TableStateMessage = HBase.Client.Protocol.TableState.Types.State;

namespace Grains.Testing.HBase;

/// <summary>What a fake server does when asked: the registry, the data of its regions, and (for tests of the admin) a little of the master.</summary>
internal sealed class FakeServices(FakeCluster cluster, int index)
{
    private const string Package = "org.apache.hadoop.hbase.";
    private static readonly byte[] MetaName = HBaseBytes.Utf8("hbase:meta,,1");

    private readonly FakeData _data = new(cluster);
    private readonly FakeScans _scans = new(cluster, index);

    /// <summary>The region that a request is for; of a batch the first.</summary>
    public static byte[] RegionOf(string method, byte[] message) => method switch
    {
        "Get" => GetRequest.Parser.ParseFrom(message).Region.Value.ToByteArray(),
        "Mutate" => MutateRequest.Parser.ParseFrom(message).Region.Value.ToByteArray(),
        "Multi" => MultiRequest.Parser.ParseFrom(message).RegionAction.FirstOrDefault()?.Region.Value.ToByteArray() ?? [],
        "Scan" => ScanRequest.Parser.ParseFrom(message).Region?.Value.ToByteArray() ?? [],
        _ => [],
    };

    public IMessage Answer(string method, byte[] message, FrameBuffer cells) => method switch
    {
        "GetClusterId" => new GetClusterIdResponse { ClusterId = "fake" },
        "GetActiveMaster" => new GetActiveMasterResponse { ServerName = Name(0) },
        "GetMetaRegionLocations" => new GetMetaRegionLocationsResponse { MetaLocations = { new RegionLocationMessage { ServerName = Name(0) } } },
        "Get" => Get(GetRequest.Parser.ParseFrom(message), cells),
        "Mutate" => Mutate(MutateRequest.Parser.ParseFrom(message), cells),
        "Multi" => Multi(MultiRequest.Parser.ParseFrom(message), cells),
        "Scan" => _scans.Scan(ScanRequest.Parser.ParseFrom(message), cells, FindRegion),
        "ListNamespaceDescriptors" => new ListNamespaceDescriptorsResponse { NamespaceDescriptors = { new NamespaceDescriptor { Name = ByteString.CopyFromUtf8("default") } } },
        "CreateNamespace" => new ProcedureResponse { ProcId = 1 },
        "GetTableState" => State(GetTableStateRequest.Parser.ParseFrom(message)),
        "CreateTable" => CreateTable(CreateTableRequest.Parser.ParseFrom(message)),
        "GetTableDescriptors" => Describe(GetTableDescriptorsRequest.Parser.ParseFrom(message)),
        "getProcedureResult" => new GetProcedureResultResponse { State = GetProcedureResultResponse.Types.State.Finished },
        _ => throw new FakeJavaException(Package + "exceptions.UnknownProtocolException", method) { DoNotRetry = true },
    };

    private ServerName Name(int server) => new() { HostName = cluster.Endpoint(server).Host, Port = (uint)cluster.Endpoint(server).Port, StartCode = 1 };

    private GetResponse Get(GetRequest request, FrameBuffer cells)
    {
        var region = FindRegion(request.Region);
        return new GetResponse { Result = _data.Get(region, request.Get, cells) };
    }

    private MutateResponse Mutate(MutateRequest request, FrameBuffer cells)
    {
        var region = FindRegion(request.Region);
        var processed = request.Condition is null || _data.Holds(region, request.Condition);
        var response = new MutateResponse { Processed = processed };
        if (processed) response.Result = _data.Mutate(region, request.Mutation, cells);
        return response;
    }

    private MultiResponse Multi(MultiRequest request, FrameBuffer cells)
    {
        var response = new MultiResponse();
        foreach (var action in request.RegionAction)
        {
            var result = new RegionActionResult();
            response.RegionActionResult.Add(result);
            try
            {
                DoRegion(action, result, cells);
            }
            catch (FakeJavaException e)
            {
                result.ResultOrException.Clear();
                result.Exception = Pair(e);
            }
        }

        return response;
    }

    private void DoRegion(RegionAction action, RegionActionResult result, FrameBuffer cells)
    {
        var region = FindRegion(action.Region);
        if (action.Condition is not null || action.Atomic)
        {
            result.Processed = action.Condition is null || _data.Holds(region, action.Condition);
            foreach (var each in action.Action)
            {
                if (result.Processed) _data.Mutate(region, each.Mutation, cells);
            }

            return;
        }

        foreach (var each in action.Action)
        {
            var one = new ResultOrException { Index = each.Index };
            result.ResultOrException.Add(one);
            try
            {
                one.Result = each.Get is not null ? _data.Get(region, each.Get, cells) : _data.Mutate(region, each.Mutation, cells);
            }
            catch (FakeJavaException e)
            {
                one.Exception = Pair(e);
            }
        }
    }

    private static NameBytesPair Pair(FakeJavaException e) => new() { Name = e.Class, Value = ByteString.CopyFromUtf8($"{e.Class}: {e.Message}\n\tat fake") };

    // hbase:meta is on the first server. A server that had a region remembers where it went, even if it went on from there or is no more.
    private FakeRegion? FindRegion(RegionSpecifier specifier)
    {
        if (specifier.Value.Span.SequenceEqual(MetaName)) return null;

        var region = cluster.Tables.Values.SelectMany(static table => table.Regions).FirstOrDefault(known => specifier.Value.Span.SequenceEqual(known.Name));
        if (region?.Server == index) return region;

        region ??= cluster.Tables.Values.SelectMany(static table => table.Parents).FirstOrDefault(known => specifier.Value.Span.SequenceEqual(known.Name));
        if (region is null || !region.Gone.TryGetValue(index, out var gone)) throw new FakeJavaException(Package + "NotServingRegionException", $"{Encoding.Latin1.GetString(specifier.Value.Span)} is not online");

        var target = cluster.Endpoint(gone.Server);
        throw new FakeJavaException(Package + "exceptions.RegionMovedException", $"Region moved to: hostname={target.Host} port={target.Port} startCode=1. As of locationSeqNum={gone.Sequence}.");
    }

    private ProcedureResponse CreateTable(CreateTableRequest request)
    {
        var name = TableName.FromMessage(request.TableSchema.TableName);
        if (cluster.Tables.ContainsKey(name)) throw new FakeJavaException(Package + "TableExistsException", name.ToString()) { DoNotRetry = true };

        cluster.CreateTable(name, [.. request.TableSchema.ColumnFamilies.Select(static family => family.Name.ToStringUtf8())], [.. request.SplitKeys.Select(static key => key.ToByteArray())]);
        return new ProcedureResponse { ProcId = 1 };
    }

    private GetTableStateResponse State(GetTableStateRequest request)
    {
        var name = TableName.FromMessage(request.TableName);
        if (!cluster.Tables.TryGetValue(name, out var table)) throw new FakeJavaException(Package + "TableNotFoundException", name.ToString()) { DoNotRetry = true };

        var state = table.Regions.Count == 0 ? TableStateMessage.Enabling : table.Disabled ? TableStateMessage.Disabled : TableStateMessage.Enabled;
        return new GetTableStateResponse { TableState = new global::HBase.Client.Protocol.TableState { State = state } };
    }

    private GetTableDescriptorsResponse Describe(GetTableDescriptorsRequest request)
    {
        var response = new GetTableDescriptorsResponse();
        foreach (var name in request.TableNames.Select(TableName.FromMessage))
        {
            if (!cluster.Tables.TryGetValue(name, out var table)) continue;

            var schema = new TableSchema { TableName = name.ToMessage() };
            schema.ColumnFamilies.AddRange(table.Families.Select(static family => new ColumnFamilySchema { Name = ByteString.CopyFromUtf8(family) }));
            response.TableSchema.Add(schema);
        }

        return response;
    }
}
