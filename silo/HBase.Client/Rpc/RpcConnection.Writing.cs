namespace HBase.Client.Rpc;

/// <content>Sending what callers have gathered: one writer at a time.</content>
internal sealed partial class RpcConnection
{
    async void IThreadPoolWorkItem.Execute()
    {
        try
        {
            while (TakeGathered())
            {
                await _stream.WriteAsync(_sending.Written).ConfigureAwait(false);
                _sending.Clear();
            }
        }
#pragma warning disable CA1031 // Whatever ends the stream ends the connection and with it every call.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Close(e);
        }
    }

    // On the caller's own thread. What gathers meanwhile goes to the pool, so that nobody is kept sending for others.
    private void WriteHere()
    {
        try
        {
            if (!TakeGathered()) return;

            var writing = _stream.WriteAsync(_sending.Written);
            if (writing.IsCompletedSuccessfully)
            {
                writing.GetAwaiter().GetResult();
                _sending.Clear();
                if (HasGathered()) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
            else
            {
                _ = FinishAsync(writing);
            }
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Close(e);
        }

        async Task FinishAsync(ValueTask writing)
        {
            try
            {
                await writing.ConfigureAwait(false);
                _sending.Clear();
                ((IThreadPoolWorkItem)this).Execute();
            }
#pragma warning disable CA1031 // As above.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Close(e);
            }
        }
    }

    // False: nothing is there, and the writing is over.
    private bool TakeGathered()
    {
        lock (_writeGate)
        {
            if (!GatheredOrOver()) return false;

            (_gathering, _sending) = (_sending, _gathering);
            _bunch++;
            return true;
        }
    }

    private bool HasGathered()
    {
        lock (_writeGate) return GatheredOrOver();
    }

    private bool GatheredOrOver()
    {
        if (_closed is null && _gathering.Length > 0) return true;

        _writing = false;
        return false;
    }
}
