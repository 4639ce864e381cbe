using System.Diagnostics;
using System.Globalization;

namespace Grains.Benchmarks.Kafka;

/// <summary>What records cost the whole process, from construction on.</summary>
internal sealed class RecordMeasure : IDisposable
{
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly TimeSpan _processor;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();

    public RecordMeasure() => _processor = _process.TotalProcessorTime;

    public void Print(string what, long records)
    {
        var wall = Stopwatch.GetElapsedTime(_began);
        var allocated = GC.GetTotalAllocatedBytes() - _allocated;
        _process.Refresh();
        var processor = _process.TotalProcessorTime - _processor;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-16} {records,12:N0} records {wall.TotalSeconds,7:F1} s {records / wall.TotalSeconds,12:N0} records/s {processor.TotalMicroseconds / records,7:F3} µs CPU/record {(double)allocated / records,7:F1} B garbage/record {_process.PeakWorkingSet64 >> 20,5} MB"));
    }

    public void Dispose() => _process.Dispose();
}
