using System.IO.Hashing;
using System.Text;
using Grains.Streams.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grains.Streams.Files;

/// <summary>A log file that is followed while it grows, is rotated, copied and truncated, or written anew in place. A record is a line.</summary>
/// <remarks>
/// Each life of a file is a generation: recognised by the file's number on its device and a fingerprint of its head, not by its name. The generations from the committed one to the newest are kept in the
/// storage before a line of a new one is handed on, so that after a crash the same lines have the same positions. What cannot be read any more is a gap: reported and counted, never passed over in silence.
/// What no reader can tell: a file that is written anew with the same first kilobyte (or, if it is shorter, with the whole of its former content first) while nobody looks counts as the same file.
/// </remarks>
public sealed partial class LogFileSource : IPartitionSource
{
    private readonly LogFileOptions _options;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GenerationTable _table;
    private readonly LineBuffer _lines;
    private Generation? _current;
    private long _lastGrowth;
    private bool _isDrained;
    private bool _hasEnded;
    private long _gaps;
    private LagSample? _lag;

    /// <summary>Names the file; opens nothing yet.</summary>
    /// <param name="options">Which file, and how.</param>
    /// <param name="positions">Where the generations and the committed position are kept, under the key <see cref="PartitionId.Source"/>.</param>
    /// <param name="time">The clock that polls.</param>
    /// <param name="logger">Told of new files and gaps.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LogFileSource(LogFileOptions options, IBatchedSnapshots positions, TimeProvider time, ILogger<LogFileSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLineBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxLineBytes, 1 << 28);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BlockBytes, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BlockBytes, 1 << 28);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.PollInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RotationGrace, TimeSpan.Zero);
        (_options, _time, _logger) = (options, time, (ILogger?)logger ?? NullLogger.Instance);
        _path = Path.GetFullPath(options.Path);
        Id = new PartitionId($"file:{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(_path)):x16}", 0);
        _table = new GenerationTable(positions, Id.Source);
        _lines = new LineBuffer(options.BlockBytes, options.MaxLineBytes);
    }

    /// <inheritdoc/>
    public PartitionId Id { get; }

    /// <summary>How many gaps there were: parts of the log that were written and could not be read any more.</summary>
    public long Gaps => Volatile.Read(ref _gaps);

    /// <inheritdoc/>
    public SourceLag Lag
    {
        get
        {
            var lag = Volatile.Read(ref _lag);
            return lag is null ? new SourceLag(0, 0, "By") : new SourceLag(lag.Position, lag.Position + lag.Behind, "By");
        }
    }

    /// <inheritdoc/>
    public int Read(IRecordSink sink, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var (records, bytes) = (0, 0L);
        _isDrained = false;
        while (_current is not null)
        {
            while (_lines.TryTake(out var offset, out var line))
            {
                sink.Record(_current.At(offset).Value, line);
                records++;
                bytes += line.Length + 1;
                if (bytes >= maxBytes)
                {
                    Sample();
                    return records;
                }
            }

            if (!ReadBlock() && !TryLeave(sink, ref records)) break;
        }

        _isDrained = true;
        Sample();
        return records;
    }

    /// <inheritdoc/>
    public void Seek(long position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, _table.Committed);
        var (number, offset) = FilePosition.Of(position);
        if (number > _table.NextNumber) throw new ArgumentOutOfRangeException(nameof(position), position, $"The log '{_path}' has no such position: its newest file is number {_table.NextNumber - 1}.");

        // A position after the last generation is where one will begin.
        var generation = _table.Generations.Find(known => known.Number >= number);
        if (generation is null && _table.Generations.Count > 0) generation = _table.Generations[^1];
        if (generation is null) return;

        Enter(generation, generation.Number == number ? offset : generation.Number > number ? 0 : Math.Max(generation.End, generation.Seen));
    }

    /// <inheritdoc/>
    /// <exception cref="SnapshotStorageException">The storage did not take the position; the call can be repeated.</exception>
    public async ValueTask CommitAsync(long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, _table.Committed);
        if (position == _table.Committed) return;

        var number = Math.Min(FilePosition.Of(position).Generation, _current?.Number ?? long.MaxValue);
        while (_table.Generations.Count > 1 && _table.Generations[0].Number < number) Forget(_table.Generations[0]);
        if (!await _table.SaveAsync(position, cancellationToken).ConfigureAwait(false))
        {
            throw new SnapshotStorageException($"Commit of position {position} of '{_path}' failed: the storage did not take it. The call can be repeated.", isTransient: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var generation in _table.Generations) generation.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Puts one block of the current generation into the buffer. False where there is none now.</summary>
    private bool ReadBlock()
    {
        if (_current is not { File: { } file, IsReplaced: false } current) return false;

        var at = _lines.ReadTo;
        var left = current.End < 0 ? long.MaxValue : current.End - at;
        if (left <= 0) return false;

        var room = _lines.Room();
        if (room.Length > left) room = room[..(int)left];
        var read = RandomAccess.Read(file, room, at);
        // Not a byte of a mixed state is handed on. What became of the file is found out when the reader waits.
        if (read == 0 || !current.Owns(at, room[..read])) return false;

        _lines.Added(read);
        _lastGrowth = _time.GetTimestamp();
        return true;
    }

    /// <summary>Leaves a generation that has been read to its settled end for the next one.</summary>
    private bool TryLeave(IRecordSink sink, ref int records)
    {
        var current = _current!;
        if (current.End < 0) return false;

        if (_lines.ReadTo < current.End) Lost(current, _lines.ReadTo, current.End, "its file is gone before it was read to its end");
        var isLine = _lines.TryTakeRest(out var offset, out var line);
        if (isLine)
        {
            sink.Record(current.At(offset).Value, line);
            records++;
        }

        var next = _table.Generations.Find(generation => generation.Number == current.Number + 1);
        if (next is null)
        {
            _hasEnded = _options.ReadToEnd;
            return false;
        }

        Enter(next, next.Start);
        return true;
    }

    private void Enter(Generation generation, long offset)
    {
        _current = generation;
        offset = Math.Max(offset, generation.Start);
        _lines.Reset(offset, isLineStart: offset == generation.Start);
        _lastGrowth = _time.GetTimestamp();
        _isDrained = false;
        _hasEnded = false;
    }

    /// <summary>A generation below the committed position: its file is let go.</summary>
    private void Forget(Generation generation)
    {
        if (generation is { File: { } file, IsReplaced: false } && generation.HasItsHead())
        {
            var length = RandomAccess.GetLength(file);
            if (generation.End >= 0 && length > generation.End) Lost(generation, generation.End, length, "lines came to it after it had been left; a longer RotationGrace waits for them");
            _table.Ignore(generation.Identity);
        }

        generation.Dispose();
        _table.Generations.Remove(generation);
    }

    private void Lost(Generation generation, long from, long to, string why)
    {
        if (generation.GapReported) return;

        generation.GapReported = true;
        Interlocked.Increment(ref _gaps);
        var gap = new LogFileGap(generation.At(from).Value, Math.Max(0, to - from), why);
        LogGap(_path, gap.Position, gap.KnownBytes, why);
        _options.OnGap?.Invoke(gap);
    }

    private void Sample()
    {
        if (_current is null)
        {
            Volatile.Write(ref _lag, new LagSample(_table.Committed, 0));
            return;
        }

        var behind = 0L;
        foreach (var generation in _table.Generations)
        {
            if (generation.Number < _current.Number) continue;
            var end = generation.End >= 0 ? generation.End : generation.File is { } file ? RandomAccess.GetLength(file) : generation.Seen;
            behind += Math.Max(0, end - (generation == _current ? _lines.Offset : generation.Start));
        }

        Volatile.Write(ref _lag, new LagSample(_current.At(_lines.Offset).Value, behind));
    }

    [LoggerMessage(EventIds.FileAwaited, LogLevel.Information, "'{Path}' is not there yet; waiting for it.")]
    private partial void LogAwaited(string path);

    [LoggerMessage(EventIds.FileBegun, LogLevel.Information, "Reading '{Name}' as file {Generation} of '{Path}'.")]
    private partial void LogBegun(string path, string name, long generation);

    [LoggerMessage(EventIds.FileGap, LogLevel.Warning, "Part of '{Path}' cannot be read any more, from position {Position}, at least {KnownBytes} bytes: {Reason}.")]
    private partial void LogGap(string path, long position, long knownBytes, string reason);

    private sealed record LagSample(long Position, long Behind);
}
