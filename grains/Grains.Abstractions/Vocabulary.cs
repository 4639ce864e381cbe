using System.Collections.Concurrent;

namespace Grains.Abstractions;

/// <summary>A bounded two-way table between names and small ids.</summary>
/// <remarks>
/// Id 0 is <see cref="OtherName"/>, and every name that comes after the table is full. The well-known names have the ids 1, 2, … in the order given, in every
/// process and for ever: stored rows name them by number. Ids above them belong to this process alone. Safe for concurrent use; names are never removed.
/// </remarks>
public sealed class Vocabulary
{
    /// <summary>The id of everything that has no id of its own.</summary>
    public const ushort Other = 0;

    /// <summary>The name of <see cref="Other"/>.</summary>
    public const string OtherName = "other";

    private readonly ConcurrentDictionary<string, ushort> _ids = new(StringComparer.Ordinal);
    private readonly string[] _names;
    private readonly Lock _gate = new();
    private int _count;

    /// <param name="capacity">The most names it takes, <see cref="Other"/> included; at most 65,536.</param>
    /// <param name="wellKnown">Names that have the same id everywhere. Append only.</param>
    public Vocabulary(int capacity, params ReadOnlySpan<string> wellKnown)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, wellKnown.Length + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, ushort.MaxValue + 1);
        _names = new string[capacity];
        Add(OtherName);
        foreach (var name in wellKnown) Add(name);
        WellKnown = _count;
    }

    /// <summary>Ids below this one mean the same in every process.</summary>
    public int WellKnown { get; }

    /// <summary>How many names it holds, <see cref="Other"/> included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The name of an id. Unknown ids are <see cref="OtherName"/>.</summary>
    public string this[int id] => (uint)id < (uint)Count ? _names[id] : OtherName;

    /// <summary>The id of <paramref name="name"/>, given now if it has none and there is room; otherwise <see cref="Other"/>.</summary>
    public ushort Intern(string name)
    {
        if (_ids.TryGetValue(name, out var id)) return id;
        if (Count == _names.Length) return Other;

        lock (_gate)
        {
            if (_ids.TryGetValue(name, out id)) return id;
            return _count == _names.Length ? Other : Add(name);
        }
    }

    /// <summary>The id of <paramref name="name"/>, if it has one.</summary>
    public bool TryFind(string name, out ushort id) => _ids.TryGetValue(name, out id);

    private ushort Add(string name)
    {
        var id = (ushort)_count;
        _names[id] = name;
        // Order matters: a reader that finds the id must find its name.
        Volatile.Write(ref _count, id + 1);
        if (!_ids.TryAdd(name, id)) throw new ArgumentException($"'{name}' is given twice.", nameof(name));
        return id;
    }
}
