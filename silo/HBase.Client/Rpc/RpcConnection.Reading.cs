using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <content>Reading answers, and letting those go on who wait for them.</content>
internal sealed partial class RpcConnection
{
    // Reads until there is nothing to read for the moment. The last call answered is completed on this very thread, once the next read is under way: it may take as long as it likes.
    private void Read()
    {
        RpcCall? last = null;
        try
        {
            while (true)
            {
                if (!_isReading)
                {
                    _isReading = true;
#pragma warning disable CA2012 // Consumed once: here if it is completed, else when the continuation comes.
                    _reading = _stream.ReadAsync(_received.Room);
#pragma warning restore CA2012
                    if (!_reading.IsCompleted)
                    {
                        // From here on, another thread may be in this method.
                        _reading.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_read);
                        break;
                    }
                }

                _isReading = false;
                var count = _reading.GetAwaiter().GetResult();
                if (count == 0) throw new EndOfStreamException($"{Server} closed the connection.");

                Volatile.Write(ref _lastHeard, _time.GetTimestamp());
                _received.Received(count);
                while (_received.TryTakeFrame(out var frame)) Handle(frame, ref last);
            }
        }
#pragma warning disable CA1031 // Whatever ends the stream ends the connection and with it every call.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Close(_closed ?? e);
            _received.Dispose();
            _readingEnded.TrySetResult();
        }

        CompleteOthers();
        if (last is not null) CompleteHere(last);
    }

    // A few of them share a thread. One that blocks holds up its neighbours only until the next answer, or the next tick of the timer, brings another thread.
    private void CompleteOthers()
    {
        for (var waiting = _answered.Count; waiting > 0; waiting -= CallsPerCompleter) ThreadPool.UnsafeQueueUserWorkItem(_completer, preferLocal: false);
    }

    private static void CompleteHere(RpcCall call)
    {
        _completingHere = true;
        call.Complete(here: true);
        _completingHere = false;
    }

    private void Handle(ReadOnlySpan<byte> frame, ref RpcCall? last)
    {
        var header = AnswerHeader.Read(ProtoReader.ReadDelimited(frame, out var rest));
        if (header.CallId == NoCall)
        {
            var refusal = header.Fault ?? new RemoteFault("", "the server refused the connection without a reason", FaultAction.Refused);
            throw new RpcException(RpcFaultKind.Remote, refusal.Message) { Remote = refusal with { Action = FaultAction.Refused } };
        }

        // An answer that nobody waits for any more is forgotten.
        if (!TryTake(header.CallId, null, out var call)) return;

        if (header.Fault is { } fault)
        {
            Finish(call, new RpcException(RpcFaultKind.Remote, $"{fault.ShortName}: {fault.Message}") { Remote = fault });
            return;
        }

        try
        {
            var message = rest.IsEmpty ? default : ProtoReader.ReadDelimited(rest, out rest);
            if (header.CellBytes > rest.Length) throw new WireFormatException($"{header.CellBytes} bytes of cells announced, {rest.Length} are there.");

            call.ReadAnswer(message, rest[..header.CellBytes]);
        }
        catch (WireFormatException e)
        {
            // Frames have lengths of their own: a damaged answer fails its call, the next one is read as usual.
            Finish(call, new RpcException(RpcFaultKind.BadAnswer, $"the answer of {Server} is damaged: {e.Message}", e));
            return;
        }

        _slots.Release();
        if (last is not null) _answered.Enqueue(last);
        last = call;
    }

    private sealed class Completer(RpcConnection connection) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            while (connection._answered.TryDequeue(out var call)) call.Complete(here: true);
        }
    }
}
