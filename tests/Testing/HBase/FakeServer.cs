using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Google.Protobuf;
using HBase.Client;
using HBase.Client.Protocol;

namespace Grains.Testing.HBase;

/// <summary>One server of a fake cluster: accepts connections, reads frames, answers them.</summary>
internal sealed class FakeServer(FakeCluster cluster, int index) : IAsyncDisposable
{
    private readonly List<TcpClient> _connections = [];
    private readonly FakeServices _services = new(cluster, index);
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public HBaseEndpoint Endpoint { get; private set; }

    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, Endpoint.Port);
        _listener.Start();
        Endpoint = new HBaseEndpoint("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        _accepting = AcceptAsync(_listener);
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    public async Task StopAsync()
    {
        _listener?.Stop();
        lock (_connections)
        {
            foreach (var connection in _connections) connection.Close();
            _connections.Clear();
        }

        await _accepting;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync();
                connection.NoDelay = true;
                lock (_connections) _connections.Add(connection);
                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        try
        {
            var stream = await SecureAsync(connection.GetStream());
            var writing = new SemaphoreSlim(1);
            var preamble = new byte[6];
            await stream.ReadExactlyAsync(preamble);
            if (!preamble.AsSpan().SequenceEqual("HBas\0P"u8)) throw new IOException("bad preamble");

            ConnectionHeader.Parser.ParseFrom(await ReadFrameAsync(stream));
            if (cluster.Refusal is { } refusal)
            {
                using var none = new FrameBuffer();
                await stream.WriteAsync(Frame(uint.MaxValue, null, none, new FakeJavaException(refusal, "refused") { DoNotRetry = true }));
                throw new IOException("refused");
            }

            while (true)
            {
                var frame = await ReadFrameAsync(stream);
                var (reply, fault) = Handle(frame);
                if (reply.Length > 0) cluster.Tap?.Invoke(reply);
                _ = ReplyAsync(connection, stream, writing, reply, fault);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or InvalidOperationException or AuthenticationException)
        {
            connection.Close();
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream stream)
    {
        if (cluster.Tls is not { } tls) return stream;

        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(tls);
        return secure;
    }

    private static async Task<byte[]> ReadFrameAsync(Stream stream)
    {
        var length = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(length);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(frame);
        return frame;
    }

    private (byte[] Reply, FakeFault? Fault) Handle(byte[] frame)
    {
        var header = RequestHeader.Parser.ParseFrom(ProtoReader.ReadDelimited(frame, out var rest));
        var message = ProtoReader.ReadDelimited(rest, out _).ToArray();
        using var cells = new FrameBuffer();
        lock (cluster.Gate)
        {
            var fault = cluster.Admit(index, header.MethodName, FakeServices.RegionOf(header.MethodName, message));
            if (fault?.Class is { } scripted) return (Frame(header.CallId, null, cells, new FakeJavaException(scripted, fault.Message) { DoNotRetry = fault.DoNotRetry }), fault);
            if (fault is { Done: false }) return ([], fault);

            try
            {
                var answer = _services.Answer(header.MethodName, message, cells);
                return (Frame(header.CallId, fault is { Garbage: true } ? null : answer, cells, null, fault is { Garbage: true }), fault);
            }
            catch (FakeJavaException e)
            {
                return (Frame(header.CallId, null, cells, e), fault);
            }
        }
    }

    private static async Task ReplyAsync(TcpClient connection, Stream stream, SemaphoreSlim writing, byte[] reply, FakeFault? fault)
    {
        if (fault is not null) await fault.Until;
        await writing.WaitAsync();
        try
        {
            for (var i = 0; i < (fault?.Replies ?? 1); i++) await stream.WriteAsync(fault is { Closes: true } ? reply.AsMemory(0, reply.Length / 2) : reply);
            if (fault is { Closes: true }) connection.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or InvalidOperationException)
        {
            connection.Close();
        }
        finally
        {
            writing.Release();
        }
    }

    private static byte[] Frame(uint callId, IMessage? answer, FrameBuffer cells, FakeJavaException? exception, bool garbage = false)
    {
        var header = new ResponseHeader { CallId = callId };
        if (exception is not null)
        {
            header.Exception = new ExceptionResponse
            {
                ExceptionClassName = exception.Class,
                StackTrace = $"{exception.Class}: {exception.Message}\n\tat fake",
                DoNotRetry = exception.DoNotRetry,
                ServerOverloaded = exception.Class.EndsWith("CallQueueTooBigException", StringComparison.Ordinal),
            };
        }

        if (cells.Length > 0) header.CellBlockMeta = new CellBlockMeta { Length = (uint)cells.Length };
        using var frame = new FrameBuffer();
        var start = frame.BeginFrame();
        Delimited(header);
        if (answer is not null) Delimited(answer);
        if (garbage) frame.WriteRaw([3, 0xFF, 0xFF, 0xFF]);
        frame.WriteRaw(cells.Written.Span);
        frame.EndFrame(start);
        return frame.Written.ToArray();

        void Delimited(IMessage message)
        {
            var mark = frame.BeginDelimited(message.CalculateSize());
            frame.WriteMessage(message);
            frame.End(mark);
        }
    }
}
