namespace Grains.Streams.Pumps;

/// <summary>What a pump has read since it began. Records that are read again are not counted again.</summary>
/// <remarks>Written by the pump, read by anybody.</remarks>
internal sealed class PumpCounters
{
    /// <summary>Reasons are below this number.</summary>
    public const int Reasons = 64;

    private readonly long[] _skipped = new long[Reasons];
    private readonly long[] _refused = new long[Reasons];
    private long _kept;
    private long _bytes;
    private long _replayed;
    private long _rewinds;

    public long Kept => Volatile.Read(ref _kept);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Events that were read again and had been counted already.</summary>
    public long Replayed => Volatile.Read(ref _replayed);

    /// <summary>How often the pump went back.</summary>
    public long Rewinds => Volatile.Read(ref _rewinds);

    public ReadOnlySpan<long> Skipped => _skipped;

    public ReadOnlySpan<long> Refused => _refused;

    /// <summary>Kept + skipped + refused.</summary>
    public long Records
    {
        get
        {
            var records = Kept;
            foreach (var count in _skipped) records += count;
            foreach (var count in _refused) records += count;
            return records;
        }
    }

    /// <remarks>Runs per record.</remarks>
    public void Count(RecordVerdict verdict, int bytes)
    {
        _bytes += bytes;
        switch (verdict.Fate)
        {
            case RecordFate.Kept:
                _kept++;
                break;
            case RecordFate.Skipped:
                _skipped[verdict.Reason]++;
                break;
            default:
                _refused[verdict.Reason]++;
                break;
        }
    }

    public void CountReplayed() => _replayed++;

    public void CountRewind() => _rewinds++;
}
