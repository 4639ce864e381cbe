using System.Buffers;
using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <summary>Bytes as they arrive, cut into frames: <c>int32 length | bytes</c>.</summary>
/// <remarks>Grows with what has arrived, not with what a length announces: a hostile length costs nothing. A frame is a view, good until the next call.</remarks>
internal sealed class ReceiveBuffer(int maxFrameBytes) : IDisposable
{
    private const int UsualBytes = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private int _start;
    private int _end;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Room
    {
        get
        {
            if (_start == _end)
            {
                _start = _end = 0;
                if (_bytes.Length > 4 * UsualBytes) Replace(UsualBytes);
            }

            if (_bytes.Length - _end < UsualBytes / 4) MakeRoom();
            return _bytes.AsMemory(_end);
        }
    }

    public void Received(int count) => _end += count;

    public bool TryTakeFrame(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        var received = _bytes.AsSpan(_start, _end - _start);
        if (received.Length < sizeof(int)) return false;

        var length = ProtoReader.ReadInt32BigEndian(received);
        if (length <= 0 || length > maxFrameBytes) throw new WireFormatException($"A frame of {length} bytes; 1 to {maxFrameBytes} are accepted.");
        if (received.Length - sizeof(int) < length) return false;

        frame = received.Slice(sizeof(int), length);
        _start += sizeof(int) + length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void MakeRoom()
    {
        var kept = _end - _start;
        if (_start >= _bytes.Length / 2)
        {
            _bytes.AsSpan(_start, kept).CopyTo(_bytes);
            (_start, _end) = (0, kept);
            return;
        }

        Replace(checked(2 * _bytes.Length));
    }

    private void Replace(int size)
    {
        var next = ArrayPool<byte>.Shared.Rent(size);
        var kept = _end - _start;
        _bytes.AsSpan(_start, kept).CopyTo(next);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = next;
        (_start, _end) = (0, kept);
    }
}
