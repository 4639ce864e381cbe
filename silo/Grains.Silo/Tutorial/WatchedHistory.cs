using Grains.Streams.Storage;

namespace Grains.Silo.Tutorial;

/// <summary>History of which it is noted which blocks were written.</summary>
internal sealed class WatchedHistory(IHistoryRows inner, ChangedCourses changed) : IHistoryRows
{
    public async ValueTask WriteAsync(ReadOnlyMemory<HistoryRow> rows, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(rows, cancellationToken);
        for (var i = 0; i < rows.Length; i++) changed.Add(rows.Span[i].Key, [rows.Span[i].Window]);
    }

    public ValueTask ReadAsync(Memory<HistoryRead> reads, CancellationToken cancellationToken) => inner.ReadAsync(reads, cancellationToken);

    public IAsyncEnumerable<HistoryRow> ScanAsync(string key, long from, long to, CancellationToken cancellationToken) => inner.ScanAsync(key, from, to, cancellationToken);

    public IAsyncEnumerable<HistoryRow> ScanAllAsync(long from, long to, CancellationToken cancellationToken) => inner.ScanAllAsync(from, to, cancellationToken);
}
