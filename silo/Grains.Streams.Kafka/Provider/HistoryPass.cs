namespace Grains.Streams.Kafka.Provider;

/// <summary>One reading of a partition's log from an old position up to where the cache is complete, for all streams whose consumers have gone back.</summary>
/// <remarks>Streams join a pass that has not yet come by; those that need more wait for the next one. The live reading goes on meanwhile.</remarks>
internal sealed class HistoryPass(PartitionCache cache)
{
    private readonly HashSet<StreamLine> _joined = [];

    public bool IsUnderWay { get; private set; }

    /// <summary>Everything below has been read, from where the pass began.</summary>
    public long Next { get; private set; }

    /// <summary>Lets waiting streams join, lets others go.</summary>
    /// <returns>Where a pass must begin now; null where none must.</returns>
    public long? Look()
    {
        if (!IsUnderWay && !cache.IsRewindAsked) return null;

        _joined.RemoveWhere(line => !line.AwaitsPass() && Leave(line));
        if (IsUnderWay && _joined.Count == 0) IsUnderWay = false;
        long? lowest = null;
        foreach (var line in cache.Lines)
        {
            if (line.HistoryFrom is not null || line.NeededFrom() is not { } from) continue;

            if (IsUnderWay && from >= Next) Join(line, from);
            else lowest = Math.Min(lowest ?? long.MaxValue, from);
        }

        if (!IsUnderWay && lowest is null) cache.IsRewindAsked = false;
        if (IsUnderWay || lowest is not { } begin) return null;

        (IsUnderWay, Next) = (true, begin);
        foreach (var line in cache.Lines)
        {
            if (line.HistoryFrom is null && line.NeededFrom() is { } from) Join(line, from);
        }

        return begin;
    }

    /// <summary>Everything below is read.</summary>
    /// <returns>The streams that have no need of the rest: they go on with what is held.</returns>
    public List<StreamLine> Reached(long next)
    {
        Next = Math.Max(Next, next);
        List<StreamLine> complete = [.. _joined.Where(line => line.PassReached(Next))];
        _joined.ExceptWith(complete);
        if (_joined.Count == 0) IsUnderWay = false;
        return complete;
    }

    private void Join(StreamLine line, long from)
    {
        line.JoinPass(from);
        _joined.Add(line);
    }

    private bool Leave(StreamLine line)
    {
        line.LeavePass(cache.Release);
        return true;
    }
}
