using System.Collections.Concurrent;

namespace HBase.Client.Rpc;

/// <summary>Calls that have been awaited and may be used again.</summary>
internal sealed class CallPool<TCall>(Func<TCall> create)
    where TCall : RpcCall
{
    private const int MaxKept = 256;

    private readonly ConcurrentQueue<TCall> _calls = new();
    private int _count;

    public TCall Rent()
    {
        if (!_calls.TryDequeue(out var call)) return create();

        Interlocked.Decrement(ref _count);
        return call;
    }

    public void Return(TCall call)
    {
        if (Interlocked.Increment(ref _count) <= MaxKept) _calls.Enqueue(call);
        else Interlocked.Decrement(ref _count);
    }
}
