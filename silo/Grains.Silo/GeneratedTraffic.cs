using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Grains.Streams;
using Grains.Streams.Storage;
using Grains.Weblog.Traffic;

namespace Grains.Silo;

/// <summary>The access log of a site that does not exist, as it would be written right now: a source whose positions are line numbers.</summary>
/// <remarks>
/// The first start writes the last half hour at once, so that there is something to see. What it began with and how far it is durable is kept in one snapshot row;
/// started again with the same settings it goes on with the next line, after writing what the site would have logged meanwhile.
/// </remarks>
internal sealed class GeneratedTraffic(TrafficSettings settings, IBatchedSnapshots positions, TimeProvider time) : IPartitionSource
{
    private const string Name = "generated";
    private const int RowBytes = 2 * sizeof(long);
    private static readonly TimeSpan Backlog = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly byte[] _line = new byte[TrafficGenerator.MaxLineBytes];
    private readonly long _writer = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private TrafficGenerator? _traffic;
    private string _row = "";
    private long _start;
    private long _version;
    private object? _tag;
    private long _next;

    public PartitionId Id { get; private set; }

    public SourceLag Lag => new(Volatile.Read(ref _next), _traffic?.LinesBefore(time.GetUtcNow()) ?? 0, "{record}");

    public async ValueTask<long> OpenAsync(CancellationToken cancellationToken)
    {
        // Other settings are another log.
        var log = string.Create(CultureInfo.InvariantCulture, $"{Name}:{settings.Seed}:{settings.Courses}:{settings.LinesPerSecond}");
        _row = log;
        var reads = new SnapshotRead[] { new(log) };
        await positions.ReadAsync(reads, cancellationToken);
        (_version, _tag) = (reads[0].Version, reads[0].Tag);
        (_start, _next) = reads[0].Payload.Length == RowBytes
            ? (BinaryPrimitives.ReadInt64LittleEndian(reads[0].Payload.Span), BinaryPrimitives.ReadInt64LittleEndian(reads[0].Payload.Span[sizeof(long)..]))
            : ((time.GetUtcNow() - Backlog).ToUnixTimeSeconds(), 0);
        _traffic = new TrafficGenerator(new TrafficOptions
        {
            Seed = settings.Seed,
            Courses = settings.Courses,
            LinesPerSecond = settings.LinesPerSecond,
            Start = DateTimeOffset.FromUnixTimeSeconds(_start),
        });
        Id = new PartitionId(string.Create(CultureInfo.InvariantCulture, $"{log}:{_start}"), 0);
        // Order matters: when the log began is durable before any line of it is counted.
        if (_version == 0) await CommitAsync(0, cancellationToken);
        return _next;
    }

    public int Read(IRecordSink sink, int maxBytes)
    {
        var end = _traffic!.LinesBefore(time.GetUtcNow());
        var records = 0;
        for (var bytes = 0; bytes < maxBytes && _next < end; records++)
        {
            var length = _traffic.Write(_next, _line);
            sink.Record(_next, _line.AsSpan(0, length));
            bytes += length;
            _next++;
        }

        return records;
    }

    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, time, cancellationToken);
        return false;
    }

    public void Seek(long position) => _next = position;

    public async ValueTask CommitAsync(long position, CancellationToken cancellationToken)
    {
        var row = new byte[RowBytes];
        BinaryPrimitives.WriteInt64LittleEndian(row, _start);
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(sizeof(long)), position);
        var writes = new SnapshotWrite[] { new(_row, _version, _writer, row, _tag) };
        await positions.WriteAsync(writes, cancellationToken);
        switch (writes[0].Outcome)
        {
            case WriteOutcome.Won:
                (_version, _tag) = (_version + 1, writes[0].Tag);
                break;
            case WriteOutcome.NotWritten:
                throw new SnapshotStorageException("How far the generated traffic is durable could not be written. It is tried again.", isTransient: true);
            default:
                throw new SourceException("Another process generates traffic into the same storage. Stop one of the two.");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
