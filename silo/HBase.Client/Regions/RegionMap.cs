namespace HBase.Client.Regions;

/// <summary>The known regions of one table: an immutable list by start key, replaced as a whole, so that readers take no lock.</summary>
internal sealed class RegionMap
{
    private readonly Lock _gate = new();
    private volatile RegionLocation[] _regions = [];

    /// <summary>One lookup in hbase:meta a table at a time: those who wait look here again before they ask.</summary>
    public SemaphoreSlim Lookup { get; } = new(1);

    public RegionLocation[] All => _regions;

    public RegionLocation? Find(ReadOnlySpan<byte> row)
    {
        var regions = _regions;
        var index = Floor(regions, row);
        return index >= 0 && regions[index].Contains(row) ? regions[index] : null;
    }

    public RegionLocation? FindBefore(ReadOnlySpan<byte> row)
    {
        var regions = _regions;
        var index = row.IsEmpty ? regions.Length - 1 : Floor(regions, row);
        if (index >= 0 && !regions[index].ContainsBefore(row)) index--;
        return index >= 0 && regions[index].ContainsBefore(row) ? regions[index] : null;
    }

    /// <summary>Puts a region in, and every region that it overlaps out: those are from before a split or a merge.</summary>
    public void Add(RegionLocation region)
    {
        lock (_gate)
        {
            var kept = _regions.Where(known => !Overlap(known, region)).Append(region).ToArray();
            Array.Sort(kept, static (a, b) => a.StartKey.AsSpan().SequenceCompareTo(b.StartKey));
            _regions = kept;
        }
    }

    /// <summary>Takes out a region that failed, unless it has been replaced already: a late error must not throw away what is newer.</summary>
    public bool Remove(RegionLocation failed)
    {
        lock (_gate)
        {
            var before = _regions;
            _regions = before.Where(known => !ReferenceEquals(known, failed)).ToArray();
            return _regions.Length < before.Length;
        }
    }

    public bool Replace(RegionLocation failed, RegionLocation moved)
    {
        lock (_gate)
        {
            var index = Array.IndexOf(_regions, failed);
            if (index < 0) return false;

            var next = _regions.ToArray();
            next[index] = moved;
            _regions = next;
            return true;
        }
    }

    public void RemoveServer(HBaseEndpoint server)
    {
        lock (_gate) _regions = _regions.Where(known => known.Server != server).ToArray();
    }

    private static int Floor(RegionLocation[] regions, ReadOnlySpan<byte> row)
    {
        int low = 0, high = regions.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (row.SequenceCompareTo(regions[middle].StartKey) >= 0) low = middle + 1;
            else high = middle - 1;
        }

        return high;
    }

    private static bool Overlap(RegionLocation a, RegionLocation b) =>
        (b.EndKey.Length == 0 || a.StartKey.AsSpan().SequenceCompareTo(b.EndKey) < 0) && (a.EndKey.Length == 0 || b.StartKey.AsSpan().SequenceCompareTo(a.EndKey) < 0);
}
