using Grains.Tests.Server.Embedded;

namespace Grains.Tests.Server.HBase;

/// <summary>A log that grows while it is read, in pieces that end anywhere.</summary>
internal static class GrowingLog
{
    private const int Pieces = 200;

    /// <summary>Appends a part of the workload, evenly over a time.</summary>
    /// <param name="path">The log.</param>
    /// <param name="workload">The whole of it.</param>
    /// <param name="part">What part, in bytes of the workload.</param>
    /// <param name="over">The time.</param>
    public static async Task AppendAsync(string path, Workload workload, Range part, TimeSpan over, CancellationToken cancellationToken)
    {
        var (start, length) = part.GetOffsetAndLength(workload.Log.Length);
        await using var log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (var piece = 0; piece < Pieces; piece++)
        {
            var (from, to) = ((int)((long)length * piece / Pieces), (int)((long)length * (piece + 1) / Pieces));
            await log.WriteAsync(workload.Log.AsMemory(start + from, to - from), cancellationToken);
            await Task.Delay(over / Pieces, TimeProvider.System, cancellationToken);
        }
    }
}
