namespace Grains.Weblog.Agents;

/// <summary>Finds, in one pass over a text, which of many rules could match it: those of which a required literal stands in the text, and those without one.</summary>
/// <remarks>Immutable after it is built; safe for concurrent use.</remarks>
internal sealed class LiteralIndex
{
    private const int Buckets = 1 << 13;

    private readonly ulong[] _always;
    private readonly int[] _heads = new int[Buckets];
    private readonly Entry[] _entries;

    /// <param name="required">For each rule its required literals, in lower case and three or more characters long; an empty list if it must always be tried.</param>
    public LiteralIndex(IReadOnlyList<IReadOnlyList<string>> required)
    {
        _always = new ulong[(required.Count + 63) / 64];
        var rules = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var rule = 0; rule < required.Count; rule++)
        {
            if (required[rule].Count == 0) Mark(_always, rule);
            foreach (var literal in required[rule])
            {
                if (!rules.TryGetValue(literal, out var list)) rules[literal] = list = [];
                list.Add(rule);
            }
        }

        // Entry 0 ends every chain.
        _entries = new Entry[rules.Count + 1];
        var next = 1;
        foreach (var (literal, list) in rules)
        {
            ref var head = ref _heads[Bucket(literal[0], literal[1], literal[2])];
            _entries[next] = new(literal, [.. list], head);
            head = next++;
        }
    }

    /// <summary>How many words of 64 rules a set of candidates takes.</summary>
    public int Words => _always.Length;

    /// <summary>Sets the bits of the rules that could match <paramref name="folded"/>, which is in lower case.</summary>
    public void Find(ReadOnlySpan<char> folded, Span<ulong> candidates)
    {
        _always.CopyTo(candidates);
        for (var i = 0; i + 2 < folded.Length; i++)
        {
            for (var at = _heads[Bucket(folded[i], folded[i + 1], folded[i + 2])]; at != 0; at = _entries[at].Next)
            {
                ref readonly var entry = ref _entries[at];
                if (!folded[i..].StartsWith(entry.Literal)) continue;

                foreach (var rule in entry.Rules) Mark(candidates, rule);
            }
        }
    }

    private static void Mark(Span<ulong> set, int rule) => set[rule >> 6] |= 1UL << rule;

    private static int Bucket(char first, char second, char third) => (int)((((first * 31u) + second) * 31u + third) * 2_654_435_769u >> (32 - 13));

    private readonly record struct Entry(string Literal, int[] Rules, int Next);
}
