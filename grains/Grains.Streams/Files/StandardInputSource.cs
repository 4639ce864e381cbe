using System.Security.Cryptography;

namespace Grains.Streams.Files;

/// <summary>A stream that cannot go back, such as standard input. A record is a line. What is not committed is kept in memory, and lost with the process.</summary>
/// <remarks>Each instance is a source of its own, <c>stdin:</c> and a random number: what one process read of its input says nothing about another's.</remarks>
public sealed class StandardInputSource : IPartitionSource
{
    private const int ChunkBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly StandardInputOptions _options;
    private readonly TimeProvider _time;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private byte[] _bytes = new byte[4 * ChunkBytes];
    private Task<int>? _reading;
    private long _base;
    private int _next;
    private int _end;
    private int _searched;
    private long _committed = First;
    private long _longLine = -1;
    private bool _isSkipping;
    private bool _beginsWithinLine;
    private bool _isAtEnd;
    private bool _hasUnread;
    private SourceLag _lag = new(First, First, "By");

    /// <summary>Takes the stream; reads nothing yet.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public StandardInputSource(Stream stream, StandardInputOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLineBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxKeptBytes - (long)options.MaxLineBytes, ChunkBytes, nameof(options));
        (_stream, _options, _time) = (stream, options, time);
    }

    /// <inheritdoc/>
    public PartitionId Id { get; } = new($"stdin:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}", 0);

    /// <inheritdoc/>
    public SourceLag Lag => _lag;

    /// <summary>Positions are counted from here, so that none is 0.</summary>
    private static long First => new FilePosition(1, 0).Value;

    /// <inheritdoc/>
    public ValueTask<long> OpenAsync(CancellationToken cancellationToken) => ValueTask.FromResult(First);

    /// <inheritdoc/>
    public int Read(IRecordSink sink, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var (records, bytes) = (0, 0L);
        _hasUnread = false;
        while (TryTake(out var position, out var line))
        {
            sink.Record(position, line);
            records++;
            bytes += line.Length + 1;
            if (bytes < maxBytes) continue;

            _hasUnread = true;
            break;
        }

        DropSkipped();
        _lag = new SourceLag(First + _base + _next, First + _base + _end, "By");
        return records;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (_hasUnread) return false;
        if (_isAtEnd) return true;

        if (_reading is null)
        {
            if (!TryMakeRoom())
            {
                await Task.Delay(_options.PollInterval, _time, cancellationToken).ConfigureAwait(false);
                return false;
            }

            // Never given a token: bytes that a cancelled read has taken would be lost.
            _reading = Task.Run(async () => await _stream.ReadAsync(_chunk, CancellationToken.None).ConfigureAwait(false), CancellationToken.None);
        }

        if (!_reading.IsCompleted)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_reading, Task.Delay(_options.PollInterval, _time, patience.Token)).ConfigureAwait(false);
            await patience.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (!_reading.IsCompleted) return false;
        }

        await TakeChunkAsync().ConfigureAwait(false);
        return false;
    }

    /// <inheritdoc/>
    public void Seek(long position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, _committed);
        var offset = position - First - _base;
        if (offset >= _next) return;

        // Within a line the next one is meant, as in a file.
        _isSkipping = offset > 0 ? _bytes[(int)offset - 1] != (byte)'\n' : _beginsWithinLine;
        _longLine = position - 1;
        _next = _searched = (int)Math.Max(0, offset);
        _hasUnread = true;
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, _committed);
        _committed = position;
        DropSkipped();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool TryTake(out long position, out ReadOnlySpan<byte> line)
    {
        position = 0;
        line = default;
        if (_isSkipping && !TrySkip()) return false;

        position = First + _base + _next;
        var length = _bytes.AsSpan(_searched.._end).IndexOf((byte)'\n');
        if (length >= 0)
        {
            length += _searched - _next;
            line = Trimmed(length);
            _next = _searched = _next + length + 1;
            return true;
        }

        _searched = _end;
        var rest = _end - _next;
        if (rest > _options.MaxLineBytes + 1)
        {
            line = Trimmed(rest);
            (_longLine, _isSkipping) = (position, true);
            _next = _searched = _end;
            return true;
        }

        if (!_isAtEnd || rest == 0) return false;
        line = Trimmed(rest);
        _next = _searched = _end;
        return true;
    }

    private bool TrySkip()
    {
        var length = _bytes.AsSpan(_next.._end).IndexOf((byte)'\n');
        _isSkipping = length < 0;
        _next = _searched = _isSkipping ? _end : _next + length + 1;
        return !_isSkipping;
    }

    private ReadOnlySpan<byte> Trimmed(int length)
    {
        if (length > 0 && _bytes[_next + length - 1] == (byte)'\r') length--;
        return _bytes.AsSpan(_next, Math.Min(length, _options.MaxLineBytes + 1));
    }

    private async ValueTask TakeChunkAsync()
    {
        int read;
        try
        {
            read = await _reading!.ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new SourceException($"Standard input cannot be read: {error.Message.TrimEnd('.')}. Start again with another input.", error);
        }

        _reading = null;
        _chunk.AsSpan(0, read).CopyTo(_bytes.AsSpan(_end));
        _end += read;
        _isAtEnd = read == 0;
        _hasUnread = true;
    }

    /// <summary>Room for a chunk behind what is kept. False where too much is kept.</summary>
    private bool TryMakeRoom()
    {
        if (_bytes.Length - _end >= ChunkBytes) return true;

        // What is committed goes; the byte before the committed position stays, for it tells whether a line begins there.
        var drop = (int)Math.Clamp(_committed - First - _base - 1, 0, _next);
        var kept = _end - drop;
        if (kept + ChunkBytes > _options.MaxKeptBytes) return false;

        var target = kept + ChunkBytes > _bytes.Length / 2 ? new byte[Math.Min(_options.MaxKeptBytes, Math.Max(_bytes.Length, 2L * (kept + ChunkBytes)))] : _bytes;
        _bytes.AsSpan(drop, kept).CopyTo(target);
        (_bytes, _base, _next, _end, _searched) = (target, _base + drop, _next - drop, kept, _searched - drop);
        return true;
    }

    /// <summary>The rest of a line that was too long and is committed need not be kept, however long it goes on.</summary>
    private void DropSkipped()
    {
        if (!_isSkipping || _longLine < 0 || _committed <= _longLine) return;

        _base += _end;
        _beginsWithinLine = true;
        (_next, _end, _searched) = (0, 0, 0);
    }
}
