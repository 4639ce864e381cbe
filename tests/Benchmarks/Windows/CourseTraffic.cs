using System.Runtime.InteropServices;
using Grains.Abstractions;

namespace Grains.Benchmarks.Windows;

/// <summary>Views as a pump hands them on: polls of 12,500, in chunks by course. Deterministic; one hour of event time, courses by Zipf 1.05, each view up to 5 s back.</summary>
internal sealed class CourseTraffic
{
    private const int PollViews = 12_500;
    private const uint Start = 1_764_000_000;
    private readonly CourseEvent[] _views;
    private readonly List<(int Course, int First, int Count)> _chunks = [];

    public CourseTraffic(int courses, int views, CourseVocabulary vocabulary)
    {
        var random = new Random(1);
        var draw = new Draw(courses, 1.05);
        var agents = Agents(vocabulary, random);
        var agent = new Draw(agents.Length, 0.9);
        var region = new Draw(200, 0.8);
        var source = new Draw(8, 1.2);
        var poll = new Dictionary<int, List<CourseEvent>>();
        _views = new CourseEvent[views];
        for (var at = 0; at < views;)
        {
            for (var i = at; i < views && i < at + PollViews; i++)
            {
                var time = Start + (uint)(3600L * i / views) - (uint)random.Next(5);
                ref var chunk = ref CollectionsMarshal.GetValueRefOrAddDefault(poll, draw.Next(random), out _);
                (chunk ??= []).Add(new CourseEvent(time, agents[agent.Next(random)], (ushort)(1 + region.Next(random)), (ushort)(1 + source.Next(random))));
            }

            foreach (var (course, chunk) in poll)
            {
                if (chunk.Count == 0) continue;

                chunk.CopyTo(_views, at);
                _chunks.Add((course, at, chunk.Count));
                at += chunk.Count;
                chunk.Clear();
            }
        }
    }

    public int Views => _views.Length;

    public int Chunks => _chunks.Count;

    public ReadOnlySpan<CourseEvent> Chunk(int index, out int course)
    {
        (course, var first, var count) = _chunks[index];
        return _views.AsSpan(first, count);
    }

    /// <summary>Some 150 agents, most of them of well-known names.</summary>
    private static ushort[] Agents(CourseVocabulary vocabulary, Random random) =>
    [
        .. Enumerable.Range(0, 150).Select(_ => vocabulary.Agents.Intern(new CourseAgent(
            random.Next(20) == 0 ? vocabulary.Browsers.Intern($"Browser {random.Next(10)}") : (ushort)random.Next(1, 40), (ushort)random.Next(1, 9), (ushort)random.Next(1, 4)))),
    ];

    /// <summary>Draws numbers by Zipf's law.</summary>
    private sealed class Draw
    {
        private readonly double[] _sums;

        public Draw(int count, double exponent)
        {
            _sums = new double[count];
            var sum = 0.0;
            for (var i = 0; i < count; i++) _sums[i] = sum += Math.Pow(i + 1, -exponent);
        }

        public int Next(Random random)
        {
            var at = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
            return Math.Min(at < 0 ? ~at : at, _sums.Length - 1);
        }
    }
}
