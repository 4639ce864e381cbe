using System.Text;
using Grains.Streams;

namespace Grains.Tests.Server.Cluster;

/// <summary>What a broken reader may do to one record.</summary>
public enum Bug
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is passed over.</summary>
    Drop,

    /// <summary>It is handed on twice.</summary>
    Double,

    /// <summary>Its minute is another.</summary>
    Move,
}

/// <summary>A source with a bug: at a view in the middle of the log.</summary>
internal sealed class PlantedBug(IPartitionSource source, Bug bug, int record) : IPartitionSource
{
    private int _read;

    public PartitionId Id => source.Id;

    public SourceLag Lag => source.Lag;

    public ValueTask<long> OpenAsync(CancellationToken cancellationToken) => source.OpenAsync(cancellationToken);

    public int Read(IRecordSink sink, int maxBytes) => source.Read(new Sink(this, sink), maxBytes);

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => source.WaitAsync(cancellationToken);

    public void Seek(long position) => source.Seek(position);

    public ValueTask CommitAsync(long position, CancellationToken cancellationToken) => source.CommitAsync(position, cancellationToken);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private sealed class Sink(PlantedBug planted, IRecordSink sink) : IRecordSink
    {
        public void Record(long position, ReadOnlySpan<byte> record)
        {
            if (planted._read++ != planted.Where)
            {
                sink.Record(position, record);
                return;
            }

            switch (planted.What)
            {
                case Bug.Drop:
                    return;
                case Bug.Double:
                    sink.Record(position, record);
                    break;
                case Bug.Move:
                    record = Moved(record);
                    break;
            }

            sink.Record(position, record);
        }

        // "[23/Nov/2026:00:02:03 +0000]": the last digit of the minute.
        private static byte[] Moved(ReadOnlySpan<byte> record)
        {
            var moved = record.ToArray();
            var minute = record.IndexOf(Encoding.ASCII.GetBytes("[")) + "[23/Nov/2026:00:0".Length;
            moved[minute] = (byte)(moved[minute] == (byte)'9' ? '8' : moved[minute] + 1);
            return moved;
        }
    }

    private int Where => record;

    private Bug What => bug;
}
