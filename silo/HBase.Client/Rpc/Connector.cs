using System.Net.Security;
using System.Net.Sockets;
using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <summary>Makes connections: TCP, TLS, preamble, authentication, header.</summary>
/// <remarks>preamble: <c>"HBas" | 00 | method</c>; then <c>int32 length | ConnectionHeader</c>. A server that accepts says nothing.</remarks>
internal sealed class Connector(HBaseClientOptions options, TimeProvider time)
{
    private const string CellCodec = "org.apache.hadoop.hbase.codec.KeyValueCodec";
    private const int KeepAliveSeconds = 30;

    private readonly IHBaseAuthenticator _authenticator = options.Authenticator ?? new SimpleAuthenticator(options.User);

    /// <exception cref="RpcException">Nothing was sent.</exception>
    public async Task<RpcConnection> ConnectAsync(HBaseEndpoint server, string service)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        Stream? stream = null;
        try
        {
            stream = options.Tls is null ? await DialBlockingAsync(server, limit.Token).ConfigureAwait(false) : await DialAsync(server, limit.Token).ConfigureAwait(false);
            if (options.Tls is { } tls) stream = await SecureAsync(stream, tls.For(server), limit.Token).ConfigureAwait(false);
            await stream.WriteAsync(new byte[] { (byte)'H', (byte)'B', (byte)'a', (byte)'s', 0, _authenticator.Method }, limit.Token).ConfigureAwait(false);
            stream = await _authenticator.AuthenticateAsync(stream, server, limit.Token).ConfigureAwait(false);
            using var header = new FrameBuffer(512);
            var start = header.BeginFrame();
            header.WriteMessage(Header(service));
            header.EndFrame(start);
            await stream.WriteAsync(header.Written, limit.Token).ConfigureAwait(false);
            return new RpcConnection(stream, server, options, time);
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            if (e is HBaseException) throw;
            var reason = limit.IsCancellationRequested ? $"not within {options.ConnectTimeout.TotalSeconds:0.##} s" : e.Message;
            throw new RpcException(RpcFaultKind.NotSent, $"no connection to {server}: {reason}", e);
        }
    }

    // A socket that has once been waited for asynchronously wakes the runtime's own thread at every packet, for good. One that a thread reads must never have been.
    private static async Task<Stream> DialBlockingAsync(HBaseEndpoint server, CancellationToken cancellationToken)
    {
        var socket = NewSocket();
        try
        {
            await using var giveUp = cancellationToken.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket).ConfigureAwait(false);
            await Task.Factory.StartNew(() => socket.Connect(server.Host, server.Port), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> DialAsync(HBaseEndpoint server, CancellationToken cancellationToken)
    {
        var socket = NewSocket();
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket NewSocket()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        return socket;
    }

    private static async Task<Stream> SecureAsync(Stream stream, SslClientAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The version tells the server that this client knows ScannerResetException and batches that are answered in part.
    private ConnectionHeader Header(string service)
    {
        var header = new ConnectionHeader
        {
            ServiceName = service,
            CellBlockCodecClass = CellCodec,
            VersionInfo = new VersionInfo { Version = "2.6.0", Url = "", Revision = "", User = "", Date = "", SrcChecksum = "", VersionMajor = 2, VersionMinor = 6 },
        };
        if (_authenticator.EffectiveUser is { } user) header.UserInfo = new UserInformation { EffectiveUser = user };
        return header;
    }
}
