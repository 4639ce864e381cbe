using Google.Protobuf;
using HBase.Client.Protocol;
using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>Asks the servers named in the options about the cluster: ClientMetaService, which every master and (since 2.5) every region server has.</summary>
internal sealed class Registry(HBaseClientOptions options, ServerPool pool)
{
    private readonly List<HBaseEndpoint> _servers = options.MasterEndpoints();
    private int _good;

    public async Task<HBaseEndpoint> MetaServerAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            "GetMetaRegionLocations", GetMetaRegionLocationsResponse.Parser, static answer => answer.MetaLocations.Any(IsMeta), timeout, cancellationToken).ConfigureAwait(false);
        return Endpoint(answer.MetaLocations.First(IsMeta).ServerName);
    }

    public async Task<HBaseEndpoint> ActiveMasterAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await AskAsync("GetActiveMaster", GetActiveMasterResponse.Parser, static answer => answer.ServerName is not null, timeout, cancellationToken).ConfigureAwait(false);
        return Endpoint(answer.ServerName);
    }

    public async Task<string> ClusterIdAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await AskAsync("GetClusterId", GetClusterIdResponse.Parser, static answer => answer.HasClusterId, timeout, cancellationToken).ConfigureAwait(false);
        return answer.ClusterId;
    }

    public static HBaseEndpoint Endpoint(ServerName name) => new(name.HostName, (int)name.Port);

    // The first copy; others are read replicas.
    private static bool IsMeta(RegionLocationMessage location) => location.ServerName is not null && location.RegionInfo is null or { ReplicaId: 0 };

    // Each server in turn, beginning with the one that answered last. "Not set" means that this one does not know yet.
    private async Task<TAnswer> AskAsync<TAnswer>(string method, MessageParser<TAnswer> parser, Func<TAnswer, bool> isUsable, TimeSpan timeout, CancellationToken cancellationToken)
        where TAnswer : class, IMessage<TAnswer>
    {
        Exception? last = null;
        for (var i = 0; i < _servers.Count; i++)
        {
            var index = (Volatile.Read(ref _good) + i) % _servers.Count;
            try
            {
                var connection = await pool.GetAsync(_servers[index], ServerPool.ClientMetaService, timeout, cancellationToken).ConfigureAwait(false);
                var call = new MessageCall<TAnswer>(method, new EmptyMessage(), parser);
                await connection.SendAsync(call, timeout, cancellationToken).ConfigureAwait(false);
                if (call.Answer is { } answer && isUsable(answer))
                {
                    Volatile.Write(ref _good, index);
                    return answer;
                }

                last = new RpcException(RpcFaultKind.NotSent, $"{_servers[index]} does not know yet.");
            }
            catch (RpcException e)
            {
                last = e;
            }
        }

        throw new RpcException(RpcFaultKind.NotSent, $"none of the masters ({string.Join(", ", _servers)}) answered {method}: {last?.Message}", last) { Remote = Refusal(last) };
    }

    private static RemoteFault? Refusal(Exception? last) => last is RpcException { Remote: { Action: FaultAction.Refused } refused } ? refused : null;
}
