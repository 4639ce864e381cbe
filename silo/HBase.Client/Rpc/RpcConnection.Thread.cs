using System.Net.Sockets;

namespace HBase.Client.Rpc;

/// <content>Reading on a thread of its own, where nothing but the socket is between: no hop from the runtime's thread to one of the pool for every packet, which is half of the CPU of a call.</content>
/// <remarks>
/// The last call answered is completed on the reading thread, and its caller most often sends the next one from there. If that takes long, the next ones are completed on the pool; if it does not end, another
/// thread reads on in this one's place.
/// </remarks>
internal sealed partial class RpcConnection
{
    private const int CallsOnPoolAfterSlowOne = 256;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(1);

    private Socket? _socket;
    private long _completions; // The reading thread's.
    private long _completing; // Number of the completion that the reading thread is in; 0: it reads. Whoever sets it back to 0 has the reading.
    private long _seenCompleting; // The timer's.

    private void StartReader(Socket socket)
    {
        _socket = socket;
        new Thread(ReadHere) { IsBackground = true, Name = $"HBase {Server}" }.Start();
    }

    private void ReadHere()
    {
        var callsOnPool = 0;
        try
        {
            while (true)
            {
                _socket!.Poll(Timeout.Infinite, SelectMode.SelectRead);
                var count = _socket.Receive(_received.Room.Span);
                if (count == 0) throw new EndOfStreamException($"{Server} closed the connection.");

                Volatile.Write(ref _lastHeard, _time.GetTimestamp());
                _received.Received(count);
                RpcCall? last = null;
                while (_received.TryTakeFrame(out var frame)) Handle(frame, ref last);
                if (last is not null && callsOnPool > 0)
                {
                    callsOnPool--;
                    _answered.Enqueue(last);
                    last = null;
                }

                CompleteOthers();
                if (last is null) continue;
                if (!TryCompleteHere(last, out var took)) return;
                if (took > Slow) callsOnPool = CallsOnPoolAfterSlowOne;
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
    }

    // False: another thread has taken over the reading meanwhile.
    private bool TryCompleteHere(RpcCall call, out TimeSpan took)
    {
        var number = ++_completions;
        Volatile.Write(ref _completing, number);
        var began = _time.GetTimestamp();
        CompleteHere(call);
        took = _time.GetElapsedTime(began);
        return Interlocked.CompareExchange(ref _completing, 0, number) == number;
    }

    // At each tick: a completion that was there at the last one already is one that blocks.
    private void WatchReader()
    {
        var completing = Volatile.Read(ref _completing);
        if (completing != 0 && completing == _seenCompleting) ReplaceReader();
        _seenCompleting = completing;
    }

    private void ReplaceReader()
    {
        var completing = Volatile.Read(ref _completing);
        if (completing != 0 && Interlocked.CompareExchange(ref _completing, 0, completing) == completing) StartReader(_socket!);
    }
}
