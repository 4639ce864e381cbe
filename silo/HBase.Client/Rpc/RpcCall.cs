using System.Threading.Tasks.Sources;
using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <summary>One call: how its message is written, what is made of the answer, and the promise that somebody awaits. Used again for the next call once that one has been awaited.</summary>
/// <remarks>Invariant: whoever takes the call out of the table of its connection completes it, exactly once.</remarks>
internal abstract class RpcCall : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _promise;

    /// <summary>The method's name, UTF-8.</summary>
    public abstract ReadOnlySpan<byte> Method { get; }

    /// <summary>About how long the message will be, bytes: a wrong guess costs a move of the bytes, no more.</summary>
    public abstract int ExpectedBytes { get; }

    /// <summary>Id in the table of its connection.</summary>
    public uint Id { get; set; }

    /// <summary>Timestamp at which the call is given up.</summary>
    public long Deadline { get; set; }

    /// <summary>Timestamp at which it was enqueued.</summary>
    public long Enqueued { get; set; }

    /// <summary>Number of the bunch of frames it was written to.</summary>
    public long Bunch { get; set; }

    public RpcConnection? Connection { get; set; }

    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>Writes the message, without its length. Called under the connection's lock.</summary>
    public abstract void WriteMessage(FrameBuffer buffer);

    /// <summary>Reads the answer, of which nothing may be kept but copies.</summary>
    /// <exception cref="WireFormatException">It is damaged.</exception>
    public abstract void ReadAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> cells);

    public ValueTask Promise => new(this, _promise.Version);

    /// <summary>The call is answered; whoever awaits it goes on, on this thread (<paramref name="here"/>) or on another.</summary>
    public void Complete(bool here)
    {
        _promise.RunContinuationsAsynchronously = !here;
        _promise.SetResult(true);
    }

    public void Fail(Exception exception)
    {
        _promise.RunContinuationsAsynchronously = true;
        _promise.SetException(exception);
    }

    public void GetResult(short token)
    {
        // Disposing waits for a cancellation that is under way, so that it cannot hit the call's next use.
        Registration.Dispose();
        Registration = default;
        try
        {
            _promise.GetResult(token);
        }
        finally
        {
            _promise.Reset();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _promise.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _promise.OnCompleted(continuation, state, token, flags);
}
