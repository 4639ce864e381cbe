using System.Text;
using Grains.Abstractions.Questions;

namespace Grains.Silo;

/// <summary>Writes an export: <c>course TAB windowStart TAB dimension TAB value TAB count</c>, sorted by bytes, with the dimensions views, client and region.</summary>
internal static class ExportFile
{
    private static readonly HashSet<string> Dimensions = ["views", "client", "region"];

    public static async Task WriteAsync(string path, IAsyncEnumerable<ExportRow> rows, CancellationToken cancellationToken)
    {
        var lines = new List<byte[]>();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (Dimensions.Contains(row.Dimension)) lines.Add(Encoding.UTF8.GetBytes($"{row.Course}\t{row.WindowStart}\t{row.Dimension}\t{row.Value}\t{row.Views}\n"));
        }

        lines.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 20, useAsync: true);
        foreach (var line in lines) await file.WriteAsync(line, cancellationToken);
    }
}
