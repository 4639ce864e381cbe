namespace Grains.Testing.HBase.Faults;

/// <summary>What was tried and answered in a load of conditional writes; tells whether a store could honestly have answered so.</summary>
/// <remarks>
/// Each row is a chain of versions, each written by one writer on the condition that the one before is there. So of each version at most one write won; a winner stands on the winner before it; what was
/// acknowledged is in the chain; and what is in the chain was written by somebody who was not told otherwise.
/// </remarks>
public sealed class ConditionalWriteHistory
{
    private readonly Lock _gate = new();
    private readonly List<ConditionalWrite> _writes = []; // Guarded by _gate.
    private int _acknowledged; // Guarded by _gate, as the next.
    private int _unknown;

    /// <summary>Writes that were acknowledged.</summary>
    public int Acknowledged
    {
        get
        {
            lock (_gate) return _acknowledged;
        }
    }

    /// <summary>Writes of which nobody knows.</summary>
    public int Unknown
    {
        get
        {
            lock (_gate) return _unknown;
        }
    }

    /// <summary>Adds a write that has ended.</summary>
    public void Add(ConditionalWrite write)
    {
        lock (_gate)
        {
            _writes.Add(write);
            if (write.Won == true) _acknowledged++;
            if (write.Won is null) _unknown++;
        }
    }

    /// <summary>What cannot be; empty if all can.</summary>
    /// <param name="final">What each row holds at the end, when no write is under way any more.</param>
    public IReadOnlyList<string> Contradictions(IReadOnlyDictionary<int, (long Version, long Writer)> final)
    {
        ArgumentNullException.ThrowIfNull(final);
        lock (_gate)
        {
            var faults = new List<string>();
            foreach (var row in _writes.GroupBy(static write => write.Row)) Check(row.Key, row.ToLookup(static write => write.Version), final.GetValueOrDefault(row.Key), faults);
            return faults;
        }
    }

    private static void Check(int row, ILookup<long, ConditionalWrite> versions, (long Version, long Writer) last, List<string> faults)
    {
        foreach (var version in versions)
        {
            var winners = version.Where(static write => write.Won == true).ToList();
            if (winners.Count == 0) continue;
            if (winners.Count > 1) faults.Add($"Row {row} became version {version.Key} {winners.Count} times.");
            if (version.Key > last.Version) faults.Add($"Row {row}: acknowledged version {version.Key} is not there; the last is {last.Version}.");
            if (version.Key == last.Version && winners[0].Writer != last.Writer) faults.Add($"Row {row}: version {version.Key} was acknowledged to {winners[0].Writer}, and {last.Writer} has it.");
            foreach (var winner in winners.Where(winner => !CanStandOn(winner, versions[winner.Version - 1])))
            {
                faults.Add($"Row {row}: version {version.Key} was won on the condition that {winner.Previous} had written the version before, which it had not.");
            }
        }

        for (var version = 1L; version <= last.Version; version++)
        {
            if (versions[version].All(static write => write.Won == false)) faults.Add($"Row {row} has been through version {version}, which nobody wrote.");
        }
    }

    private static bool CanStandOn(in ConditionalWrite winner, IEnumerable<ConditionalWrite> before)
    {
        if (winner.Version == 1) return winner.Previous == 0;

        var previous = winner.Previous;
        var possible = before.Where(static write => write.Won != false).ToList();
        return possible.Exists(write => write.Writer == previous) && !possible.Exists(write => write.Won == true && write.Writer != previous);
    }
}
