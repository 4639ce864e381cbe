namespace Grains.Tests.Server.Kafka;

/// <summary>What the rows must have: the same tallies, counted from what was sent.</summary>
internal sealed class Expected
{
    private readonly Dictionary<string, Tally> _tallies = [];

    /// <summary>Counts one record and makes its bytes.</summary>
    public byte[] Record(string key, long number, int padding = 0)
    {
        if (!_tallies.TryGetValue(key, out var tally)) _tallies.Add(key, tally = new Tally());
        tally.Apply([number]);
        return Tally.Record(key, number, padding);
    }

    public Dictionary<string, string> Tallies => _tallies.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());

    public long Count => _tallies.Values.Sum(tally => tally.Count);
}
