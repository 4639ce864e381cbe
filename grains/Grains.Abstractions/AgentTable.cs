using System.Collections.Concurrent;

namespace Grains.Abstractions;

/// <summary>A bounded two-way table between agents and small ids. Id 0 is the agent whose three parts are <see cref="Vocabulary.Other"/>, and every agent that comes after the table is full.</summary>
/// <remarks>Ids belong to this process alone; stored rows name an agent by its three parts. Safe for concurrent use.</remarks>
public sealed class AgentTable(int capacity)
{
    private readonly ConcurrentDictionary<CourseAgent, ushort> _ids = new() { [default] = 0 };
    private readonly CourseAgent[] _agents = new CourseAgent[capacity];
    private readonly Lock _gate = new();
    private int _count = 1;

    /// <summary>How many agents it holds.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The agent of an id; that of id 0 where the id is unknown.</summary>
    public CourseAgent this[int id] => (uint)id < (uint)Count ? _agents[id] : default;

    /// <summary>The id of <paramref name="agent"/>, given now if it has none and there is room; otherwise 0.</summary>
    public ushort Intern(CourseAgent agent)
    {
        if (_ids.TryGetValue(agent, out var id)) return id;

        lock (_gate)
        {
            if (_ids.TryGetValue(agent, out id)) return id;
            if (_count == _agents.Length) return 0;

            id = (ushort)_count;
            _agents[id] = agent;
            // Order matters: a reader that finds the id must find its agent.
            Volatile.Write(ref _count, id + 1);
            _ids[agent] = id;
            return id;
        }
    }
}
