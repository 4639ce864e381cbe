using System.Buffers;
using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Windows;

namespace Grains.Benchmarks.Windows;

/// <summary>Counts all traffic once, in new courses, with a snapshot of what changed now and then.</summary>
internal sealed class WindowsRound(CourseTraffic traffic, int courseCount, CourseVocabulary vocabulary)
{
    private const int Scans = 20;
    private readonly List<long> _missing = [];
    private readonly List<ClosedBlock> _closed = [];
    private readonly ArrayBufferWriter<byte> _row = new(64 * 1024);
    private readonly HashSet<int> _dirty = [];
    private readonly CourseWindows[] _courses = new CourseWindows[courseCount];
    private long _counting;
    private long _saving;
    private long _garbage;
    private long _rowBytes;

    public double CountingNs => Ns(_counting) / traffic.Views;

    public double CountingBytes => (double)_garbage / traffic.Views;

    public double SavingNs => Ns(_saving) / _rowBytes;

    public double SavingNsOfView => Ns(_saving) / traffic.Views;

    public double RowBytes => (double)_rowBytes / Rows;

    public int Rows { get; private set; }

    public double ScanNs { get; private set; }

    public double HeapBytes { get; private set; }

    public void Run(int viewsOfSnapshot)
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var rules = new WindowRules(vocabulary, new WindowSettings());
        for (var i = 0; i < courseCount; i++) _courses[i] = new CourseWindows(rules);

        for (var chunk = 0; chunk < traffic.Chunks;)
        {
            var first = chunk;
            chunk = Count(chunk, viewsOfSnapshot);
            for (; first < chunk; first++)
            {
                _ = traffic.Chunk(first, out var course);
                _dirty.Add(course);
            }

            Save();
        }

        Scan();
        HeapBytes = (GC.GetTotalMemory(forceFullCollection: true) - heap) / (double)courseCount;
        Array.Clear(_courses);
    }

    private int Count(int chunk, int views)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Cpu();
        for (; views > 0 && chunk < traffic.Chunks; chunk++)
        {
            var events = traffic.Chunk(chunk, out var course);
            _courses[course].Missing(events, _missing);
            _courses[course].Apply(events);
            views -= events.Length;
        }

        _counting += Cpu() - started;
        _garbage += GC.GetAllocatedBytesForCurrentThread() - allocated;
        return chunk;
    }

    private void Save()
    {
        var started = Cpu();
        foreach (var course in _dirty)
        {
            _row.ResetWrittenCount();
            _courses[course].Save(_row, _closed);
            _rowBytes += _row.WrittenCount;
            foreach (var block in _closed) _courses[course].Sealed(block.Block);
            _closed.Clear();
        }

        _saving += Cpu() - started;
        Rows += _dirty.Count;
        _dirty.Clear();
    }

    private void Scan()
    {
        var newest = _courses.Max(course => course.Newest);
        var views = 0L;
        var started = Cpu();
        for (var scan = 0; scan < Scans; scan++)
        {
            foreach (var course in _courses) views += course.ViewsIn(WindowSpan.Hour, newest);
        }

        ScanNs = Ns(Cpu() - started) / courseCount / Scans;
        GC.KeepAlive(views);
    }

    /// <summary>Processor time of the process, which other work on the machine does not lengthen.</summary>
    private static long Cpu() => Environment.CpuUsage.TotalTime.Ticks;

    private static double Ns(long ticks) => TimeSpan.FromTicks(ticks).TotalNanoseconds;
}
