using System.Text;
using Grains.Streams;

namespace Grains.Tests.Unit.Files;

/// <summary>Keeps lines by position, and objects where a position comes back with another line, or goes back without a seek.</summary>
internal sealed class LineSink : IRecordSink
{
    private readonly SortedDictionary<long, string> _lines = [];
    private long _last = -1;

    public IReadOnlyDictionary<long, string> ByPosition => _lines;

    public IReadOnlyList<string> Lines => [.. _lines.Values];

    public HashSet<string> Had { get; } = [];

    public List<string> Faults { get; } = [];

    public void Record(long position, ReadOnlySpan<byte> record)
    {
        var line = Encoding.UTF8.GetString(record);
        if (position <= _last) Faults.Add($"Position {position} came after {_last}.");
        _last = position;
        if (_lines.TryGetValue(position, out var before) && before != line) Faults.Add($"Position {position} was '{before}' and is '{line}'.");
        _lines[position] = line;
        Had.Add(line);
    }

    public void Restart() => _last = -1;
}
