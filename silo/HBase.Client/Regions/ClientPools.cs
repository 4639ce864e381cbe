using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>What the tables of a client share.</summary>
internal sealed class ClientPools
{
    public CallPool<GetCall> Gets { get; } = new(static () => new GetCall());

    public CallPool<MutateCall> Mutates { get; } = new(static () => new MutateCall());

    /// <summary>This client's number in nonces.</summary>
    public ulong NonceGroup { get; } = Nonce.Random();
}
