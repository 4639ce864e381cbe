using System.Collections.Concurrent;
using System.Net.Sockets;
using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <summary>One connection to one service of one server, with many calls in flight; answers come in any order.</summary>
/// <remarks>
/// <para>request: <c>int32 length | varint length, RequestHeader | varint length, message</c>. Answer: <c>int32 length | varint length, ResponseHeader | varint length, message | cells</c>.</para>
/// <para>Callers write their frames into one buffer; one writer at a time sends what has gathered there, so that frames of concurrent calls share a packet. When a server drops a call it
/// says nothing: the connection's own timer ends it.</para>
/// </remarks>
internal sealed partial class RpcConnection : IThreadPoolWorkItem, IAsyncDisposable
{
    // Called back by the server where the connection as a whole is refused.
    private const uint NoCall = uint.MaxValue;
    private const int RequestHeaderBytes = 48;
    private const int CallsPerCompleter = 8;
    private const int MaxRequestBytes = 256 * 1024 * 1024;

    // Whether this thread is a reader that lets the caller of the last answer go on.
    [ThreadStatic]
    private static bool _completingHere;

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;
    private readonly ITimer _timer;
    private readonly Lock _callsGate = new();
    private readonly Dictionary<uint, RpcCall> _calls = []; // Guarded by _callsGate.
    private readonly Lock _writeGate = new(); // Order of locks: _writeGate, then _callsGate.
    private readonly TaskCompletionSource _readingEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReceiveBuffer _received; // The reader's, as are the next three.
    private readonly Action _read;
    private readonly ConcurrentQueue<RpcCall> _answered = new(); // To be completed.
    private readonly Completer _completer;
    private ValueTask<int> _reading;
    private bool _isReading;
    private FrameBuffer _gathering = new(); // Guarded by _writeGate.
    private FrameBuffer _sending = new(); // The writer's.
    private long _bunch; // Guarded by _writeGate; frames of lower bunches may have been sent.
    private bool _writing; // Guarded by _writeGate.
    private uint _lastId; // Guarded by _writeGate.
    private long _lastHeard;
    private volatile Exception? _closed;

    public RpcConnection(Stream stream, HBaseEndpoint server, HBaseClientOptions options, TimeProvider time)
    {
        _stream = stream;
        _time = time;
        _slots = new SemaphoreSlim(options.MaxCallsInFlight);
        _lastHeard = time.GetTimestamp();
        Server = server;
        var tick = TimeSpan.FromMilliseconds(Math.Clamp(options.CallTimeout.TotalMilliseconds / 20, 5, 250));
        _timer = time.CreateTimer(static connection => ((RpcConnection)connection!).EndOverdueCalls(), this, tick, tick);
        _received = new ReceiveBuffer(options.MaxFrameBytes);
        _read = Read;
        _completer = new Completer(this);
        if (stream is NetworkStream { Socket: var socket }) StartReader(socket);
        else ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Read(), this, preferLocal: false);
    }

    public HBaseEndpoint Server { get; }

    public bool IsOpen => _closed is null;

    public int CallsInFlight
    {
        get
        {
            lock (_callsGate) return _calls.Count;
        }
    }

    /// <summary>Sends a call; the promise ends with the answer, or with <see cref="RpcException"/>. Waits while too many calls are in flight.</summary>
    public ValueTask SendAsync(RpcCall call, TimeSpan timeout, CancellationToken cancellationToken) =>
        _slots.Wait(0, CancellationToken.None) ? Send(call, timeout, cancellationToken) : WaitAndSendAsync(call, timeout, cancellationToken);

    /// <summary>Closes the connection; calls in flight fail.</summary>
    public void Close(Exception cause)
    {
        RpcCall[] calls;
        long sentBefore;
        lock (_writeGate)
        {
            if (_closed is not null) return;

            _closed = cause;
            sentBefore = _bunch;
            lock (_callsGate)
            {
                calls = [.. _calls.Values];
                _calls.Clear();
            }
        }

        _timer.Dispose();
        _stream.Dispose();
        ReplaceReader();
        if (!_answered.IsEmpty) ThreadPool.UnsafeQueueUserWorkItem(_completer, preferLocal: false);
        foreach (var call in calls) Finish(call, Lost(call.Bunch < sentBefore));
    }

    public async ValueTask DisposeAsync()
    {
        Close(new ObjectDisposedException(nameof(RpcConnection)));
        await _readingEnded.Task.ConfigureAwait(false);
    }

    private async ValueTask WaitAndSendAsync(RpcCall call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waitingSince = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _slots.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(RpcFaultKind.NotSent, $"no place among the calls in flight to {Server} for {timeout.TotalSeconds:0.#} s");
        }

        var rest = timeout - _time.GetElapsedTime(waitingSince);
        await Send(call, rest > TimeSpan.Zero ? rest : TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
    }

    private ValueTask Send(RpcCall call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        call.Enqueued = now;
        call.Deadline = now + (long)(timeout.TotalSeconds * _time.TimestampFrequency);
        call.Connection = this;
        bool startWriter, isAlone;
        lock (_writeGate)
        {
            if (_closed is not null)
            {
                _slots.Release();
                throw Lost(maybeSent: false);
            }

            var start = _gathering.Length;
            var id = NextId();
            call.Id = id;
            call.Bunch = _bunch;
            try
            {
                WriteFrame(call, id, timeout);
                if (_gathering.Length - start > MaxRequestBytes) throw new ArgumentException($"The request has {_gathering.Length - start} bytes; a server takes no more than {MaxRequestBytes}.");
            }
            catch
            {
                _gathering.Truncate(start);
                _slots.Release();
                throw;
            }

            // Order matters: the answer can only come for a call that is in the table, and bytes leave only under this lock.
            lock (_callsGate)
            {
                _calls.Add(id, call);
                isAlone = _calls.Count == 1;
            }

            startWriter = !_writing;
            _writing = true;
        }

        if (cancellationToken.CanBeCanceled)
        {
            call.Registration = cancellationToken.UnsafeRegister(static (state, token) => ((RpcCall)state!).Connection!.Cancel((RpcCall)state, token), call);
        }

        var promise = call.Promise;
        if (startWriter)
        {
            // A call that is alone, or follows from the last answer, is sent by its own thread, which saves a hop. Others can wait for one: what gathers until then shares a packet.
            if (isAlone || _completingHere) WriteHere();
            else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return promise;
    }

    private uint NextId()
    {
        lock (_callsGate)
        {
            do _lastId = _lastId + 1 == NoCall ? 1 : _lastId + 1;
            while (_calls.ContainsKey(_lastId));
        }

        return _lastId;
    }

    // RequestHeader: 1 call_id, 3 method_name, 4 request_param, 7 timeout (ms)
    private void WriteFrame(RpcCall call, uint id, TimeSpan timeout)
    {
        var frame = _gathering.BeginFrame();
        var header = _gathering.BeginDelimited(RequestHeaderBytes);
        _gathering.WriteUInt64(1, id);
        _gathering.WriteBytes(3, call.Method);
        _gathering.WriteBool(4, true);
        _gathering.WriteUInt64(7, (ulong)Math.Max(1, timeout.TotalMilliseconds));
        _gathering.End(header);
        var message = _gathering.BeginDelimited(call.ExpectedBytes);
        call.WriteMessage(_gathering);
        _gathering.End(message);
        _gathering.EndFrame(frame);
    }

    private void Cancel(RpcCall call, CancellationToken token)
    {
        if (TryTake(call.Id, call, out _)) Finish(call, new OperationCanceledException(token));
    }

    private void EndOverdueCalls()
    {
        if (!_answered.IsEmpty) ThreadPool.UnsafeQueueUserWorkItem(_completer, preferLocal: false);
        WatchReader();
        var now = _time.GetTimestamp();
        List<RpcCall>? overdue = null;
        lock (_callsGate)
        {
            foreach (var call in _calls.Values)
            {
                if (call.Deadline <= now) (overdue ??= []).Add(call);
            }

            foreach (var call in overdue ?? []) _calls.Remove(call.Id);
        }

        if (overdue is null) return;

        // Nothing at all came since the call was sent: the peer may be gone without a word. A new connection finds out.
        var silent = overdue.Any(call => call.Enqueued > Volatile.Read(ref _lastHeard));
        foreach (var call in overdue) Finish(call, new RpcException(RpcFaultKind.TimedOut, $"no answer of {Server} within {_time.GetElapsedTime(call.Enqueued, now).TotalSeconds:0.##} s"));
        if (silent) Close(new TimeoutException($"{Server} is silent."));
    }

    private bool TryTake(uint id, RpcCall? expected, out RpcCall call)
    {
        lock (_callsGate)
        {
            if (!_calls.TryGetValue(id, out call!) || (expected is not null && !ReferenceEquals(call, expected))) return false;
            return _calls.Remove(id);
        }
    }

    private void Finish(RpcCall call, Exception exception)
    {
        _slots.Release();
        call.Fail(exception);
    }

    private RpcException Lost(bool maybeSent)
    {
        var cause = _closed;
        if (cause is RpcException { Remote: not null } refused) return new RpcException(RpcFaultKind.Remote, refused.Message, refused) { Remote = refused.Remote };
        return new RpcException(maybeSent ? RpcFaultKind.ConnectionLost : RpcFaultKind.NotSent, $"the connection to {Server} ended: {cause?.Message}", cause);
    }
}
