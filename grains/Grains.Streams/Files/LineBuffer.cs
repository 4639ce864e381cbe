namespace Grains.Streams.Files;

/// <summary>Cuts blocks of a file into lines. Holds one block and the line that it broke off in, and no more.</summary>
/// <remarks>Runs per record; allocates only where a line is longer than a block.</remarks>
internal sealed class LineBuffer(int blockBytes, int maxLineBytes)
{
    private byte[] _bytes = new byte[blockBytes];
    private int _start;
    private int _end;
    private int _searched;
    private bool _isSkipping;

    /// <summary>Where the next line begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next block is read.</summary>
    public long ReadTo => Offset + (_end - _start);

    /// <summary>Goes on with the first line that begins at <paramref name="offset"/> or after it.</summary>
    /// <param name="offset">Any byte of the file.</param>
    /// <param name="isLineStart">Whether a line is known to begin there.</param>
    public void Reset(long offset, bool isLineStart)
    {
        // If the byte before is a line end a line begins here; if not, the next line end tells where one does.
        Offset = isLineStart ? offset : offset - 1;
        (_start, _end, _searched, _isSkipping) = (0, 0, 0, !isLineStart);
    }

    /// <summary>Where the next block goes: never empty.</summary>
    public Span<byte> Room()
    {
        if (_bytes.Length - _end < blockBytes / 2)
        {
            var held = _bytes.AsSpan(_start.._end);
            // Invariant: what is held is shorter than a line may be, so this is bounded by MaxLineBytes and two blocks.
            var target = _bytes.Length - held.Length < blockBytes / 2 ? new byte[Math.Min(_bytes.Length * 2L, maxLineBytes + 2L + blockBytes)] : _bytes;
            held.CopyTo(target);
            (_bytes, _searched, _end, _start) = (target, _searched - _start, held.Length, 0);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>Bytes were put where <see cref="Room"/> said.</summary>
    public void Added(int count) => _end += count;

    /// <summary>Takes the next line, without its line end; the first <c>maxLineBytes + 1</c> bytes of one that is too long.</summary>
    public bool TryTake(out long offset, out ReadOnlySpan<byte> line)
    {
        if (_isSkipping && !TrySkip())
        {
            offset = 0;
            line = default;
            return false;
        }

        offset = Offset;
        var length = _bytes.AsSpan(_searched.._end).IndexOf((byte)'\n');
        if (length >= 0)
        {
            length += _searched - _start;
            line = Trimmed(length);
            Advance(length + 1);
            return true;
        }

        _searched = _end;
        line = default;
        if (_end - _start <= maxLineBytes + 1) return false;

        line = Trimmed(_end - _start);
        Advance(_end - _start);
        _isSkipping = true;
        return true;
    }

    /// <summary>Takes what is left as a line: no more bytes will follow it.</summary>
    public bool TryTakeRest(out long offset, out ReadOnlySpan<byte> line)
    {
        offset = Offset;
        var length = _end - _start;
        line = _isSkipping ? default : Trimmed(length);
        var isLine = length > 0 && !_isSkipping;
        Advance(length);
        return isLine;
    }

    private bool TrySkip()
    {
        var length = _bytes.AsSpan(_start.._end).IndexOf((byte)'\n');
        _isSkipping = length < 0;
        Advance(_isSkipping ? _end - _start : length + 1);
        return !_isSkipping;
    }

    private ReadOnlySpan<byte> Trimmed(int length)
    {
        if (length > 0 && _bytes[_start + length - 1] == (byte)'\r') length--;
        return _bytes.AsSpan(_start, Math.Min(length, maxLineBytes + 1));
    }

    private void Advance(int count)
    {
        Offset += count;
        _start += count;
        _searched = _start;
    }
}
