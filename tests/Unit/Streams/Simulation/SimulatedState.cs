using System.Buffers;
using System.Text;
using Grains.Streams;

namespace Grains.Tests.Unit.Streams.Simulation;

/// <summary>The positions counted, by window: a count that is wrong shows which event is missing or doubled.</summary>
internal sealed class SimulatedState : IKeyedState<SimulatedEvent>
{
    private readonly SortedDictionary<int, List<int>> _windows = [];
    private readonly HashSet<int> _unchangedSinceSave = [];
    private readonly HashSet<int> _leftOut = [];
    private int _newest = -1;

    public IEnumerable<(int Window, IEnumerable<int> Positions)> Windows => _windows.Select(window => (window.Key, window.Value.AsEnumerable()));

    // Any window not in memory may be in history, but for those newer than all that were ever seen.
    public void Missing(ReadOnlySpan<SimulatedEvent> chunk, ICollection<long> windows)
    {
        foreach (var taken in chunk)
        {
            if (!_windows.ContainsKey(taken.Window) && taken.Window <= _newest && !windows.Contains(taken.Window)) windows.Add(taken.Window);
        }
    }

    public void Restore(long window, ReadOnlyMemory<byte> historyRow) => _windows[(int)window] = [.. Parse(Encoding.ASCII.GetString(historyRow.Span))];

    public void Apply(ReadOnlySpan<SimulatedEvent> chunk)
    {
        foreach (var taken in chunk)
        {
            if (!_windows.TryGetValue(taken.Window, out var positions)) _windows[taken.Window] = positions = [];
            positions.Add(taken.Position);
            _unchangedSinceSave.Remove(taken.Window);
            _newest = Math.Max(_newest, taken.Window);
        }
    }

    public void Save(IBufferWriter<byte> row, ICollection<ClosedWindow> closed)
    {
        foreach (var window in _leftOut.Where(_unchangedSinceSave.Contains).ToList()) _windows.Remove(window);
        _leftOut.Clear();
        var text = string.Join('|', _windows.Select(window => $"{window.Key}:{string.Join(',', window.Value)}"));
        row.Write(Encoding.ASCII.GetBytes($"{_newest}|{text}"));
        foreach (var (window, positions) in _windows)
        {
            _unchangedSinceSave.Add(window);
            if (window < _newest - 1) closed.Add(new ClosedWindow(window, Encoding.ASCII.GetBytes(string.Join(',', positions))));
        }
    }

    public void Sealed(long window)
    {
        if (_unchangedSinceSave.Contains((int)window)) _leftOut.Add((int)window);
    }

    public void Load(ReadOnlySpan<byte> row)
    {
        var parts = Encoding.ASCII.GetString(row).Split('|', StringSplitOptions.RemoveEmptyEntries);
        _newest = int.Parse(parts[0]);
        foreach (var part in parts[1..])
        {
            var colon = part.IndexOf(':');
            _windows[int.Parse(part[..colon])] = [.. Parse(part[(colon + 1)..])];
        }
    }

    public static IEnumerable<int> Parse(string positions) => positions.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
}
