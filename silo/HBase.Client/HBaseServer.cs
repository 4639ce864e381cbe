using System.Globalization;

namespace HBase.Client;

/// <summary>One run of a region server.</summary>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="StartCode">When it started, ms since 1970: tells a server from the one before it on the same port.</param>
public readonly record struct HBaseServer(HBaseEndpoint Endpoint, long StartCode)
{
    /// <summary><c>host,port,startcode</c>, as HBase writes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Host},{Endpoint.Port},{StartCode}");

    internal static HBaseServer FromMessage(Protocol.ServerName name) => new(Regions.Registry.Endpoint(name), (long)name.StartCode);

    internal Protocol.ServerName ToMessage() => new() { HostName = Endpoint.Host, Port = (uint)Endpoint.Port, StartCode = (ulong)StartCode };
}
