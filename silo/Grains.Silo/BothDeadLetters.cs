using Grains.Streams;

namespace Grains.Silo;

/// <summary>Hands every refused record to two takers.</summary>
internal sealed class BothDeadLetters(IDeadLetters first, IDeadLetters second) : IDeadLetters, IDisposable
{
    public void Add(PartitionId partition, long position, string reason, ReadOnlySpan<byte> record)
    {
        first.Add(partition, position, reason, record);
        second.Add(partition, position, reason, record);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await first.FlushAsync(cancellationToken);
        await second.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
        (first as IDisposable)?.Dispose();
        (second as IDisposable)?.Dispose();
    }
}
