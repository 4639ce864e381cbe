namespace Grains.Silo.Tutorial;

/// <summary>Courses that were written since they were last taken, and their blocks that closed. Safe for concurrent use.</summary>
internal sealed class ChangedCourses
{
    private readonly Lock _gate = new();
    private Dictionary<string, HashSet<long>> _courses = []; // Guarded by _gate.

    public void Add(string course, IEnumerable<long> closedBlocks)
    {
        lock (_gate)
        {
            if (!_courses.TryGetValue(course, out var blocks)) _courses.Add(course, blocks = []);
            blocks.UnionWith(closedBlocks);
        }
    }

    public Dictionary<string, HashSet<long>> Take()
    {
        lock (_gate)
        {
            var taken = _courses;
            _courses = [];
            return taken;
        }
    }
}
