namespace Grains.Cli.Sorting;

/// <summary>Reads a stream line by line without making strings.</summary>
/// <remarks>A line lasts until the next <see cref="Read"/>. The buffer grows to the longest line.</remarks>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _length;
    private int _next;

    /// <summary>The line read last, without its end.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start, _length);

    /// <summary>Whether the stream ended in the middle of the last line.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Reads the next line; false at the end.</summary>
    public bool Read()
    {
        _start = _next;
        _length = 0;
        var seen = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _length = seen + end;
                _next = _start + _length + 1;
                return true;
            }

            seen = _end - _start;
            if (!Fill())
            {
                IsCutOff = seen > 0;
                return false;
            }
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = _next = 0;
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
