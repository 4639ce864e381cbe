using System.Collections.Concurrent;

namespace Grains.Tests.Server.HBase;

/// <summary>What was tried and answered in a load of conditional writes, each from version n to n + 1 of a row; tells whether a store could honestly have answered so.</summary>
internal sealed class ConditionalWriteHistory
{
    private readonly ConcurrentBag<(int Row, long Version, long Writer, bool? Won)> _writes = [];

    public int Acknowledged => _writes.Count(static write => write.Won == true);

    public int Unknown => _writes.Count(static write => write.Won is null);

    /// <param name="row">The row.</param>
    /// <param name="version">The version it would have got.</param>
    /// <param name="writer">A number that no other write has.</param>
    /// <param name="won">The answer; null: nobody knows.</param>
    public void Add(int row, long version, long writer, bool? won) => _writes.Add((row, version, writer, won));

    /// <summary>What cannot be; empty if all can.</summary>
    /// <param name="final">What each row holds at the end.</param>
    public List<string> Contradictions(IReadOnlyDictionary<int, (long Version, long Writer)> final)
    {
        var faults = new List<string>();
        foreach (var row in _writes.GroupBy(static write => write.Row))
        {
            var last = final.TryGetValue(row.Key, out var stored) ? stored : default;
            foreach (var version in row.GroupBy(static write => write.Version))
            {
                var winners = version.Where(static write => write.Won == true).ToList();
                if (winners.Count > 1) faults.Add($"Row {row.Key} became version {version.Key} {winners.Count} times.");
                if (winners.Count > 0 && version.Key > last.Version) faults.Add($"Row {row.Key}: acknowledged version {version.Key} is not there; the last is {last.Version}.");
                if (winners.Count == 1 && version.Key == last.Version && winners[0].Writer != last.Writer) faults.Add($"Row {row.Key}: version {version.Key} was acknowledged to {winners[0].Writer}, and {last.Writer} has it.");
            }

            // Each version on the way was somebody's.
            for (var version = 1L; version <= last.Version; version++)
            {
                if (!row.Any(write => write.Version == version && write.Won != false)) faults.Add($"Row {row.Key} has been through version {version}, which nobody wrote.");
            }
        }

        return faults;
    }
}
