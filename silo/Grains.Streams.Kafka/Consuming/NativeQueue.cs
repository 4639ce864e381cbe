using System.Runtime.InteropServices;
using Confluent.Kafka;
using Grains.Streams.Kafka.Native;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>A partition's own queue in librdkafka, emptied in batches: records are handed on where they lie, and nothing is copied or allocated.</summary>
internal sealed unsafe class NativeQueue : IRecordQueue
{
    private const int MaxBatch = 4096;

    private static readonly Lock Destroying = new();

    private readonly Librdkafka _library;
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly TopicPartition _partition;
    private readonly nint _queue;
    private readonly nint[] _batch = GC.AllocateUninitializedArray<nint>(MaxBatch, pinned: true);
    private readonly GCHandle _arrival;
    private int _recordBytes = 256;

    public NativeQueue(Librdkafka library, nint client, IConsumer<Ignore, byte[]> consumer, TopicPartition partition)
    {
        (_library, _consumer, _partition) = (library, consumer, partition);
        _queue = library.QueueOf(client, partition.Topic, partition.Partition);
        _arrival = GCHandle.Alloc(Arrival);
        library.NotifyArrivals(_queue, &Consuming.Arrival.Arrived, GCHandle.ToIntPtr(_arrival));
    }

    public Arrival Arrival { get; } = new();

    /// <remarks>Runs per record; allocates nothing.</remarks>
    public void Take(Cursor cursor, IRecordSink sink, int maxBytes)
    {
        cursor.Begin();
        var batch = (RdMessage**)Marshal.UnsafeAddrOfPinnedArrayElement(_batch, 0);
        while (cursor.Bytes < maxBytes && !cursor.OutOfReach)
        {
            var wanted = (int)Math.Clamp((maxBytes - cursor.Bytes) / _recordBytes, 1, MaxBatch);
            var taken = _library.Take(_queue, batch, wanted);
            if (taken <= 0) return;

            var before = (cursor.Records, cursor.Bytes);
            HandOn(batch, taken, cursor, sink);
            if (cursor.Records > before.Records) _recordBytes = (int)Math.Clamp((cursor.Bytes - before.Bytes) / (cursor.Records - before.Records), 16, 1 << 20);
            if (taken < wanted) return;
        }
    }

    public SeekOutcome Seek(long position)
    {
        try
        {
            _consumer.Seek(new TopicPartitionOffset(_partition, position));
            return SeekOutcome.Done;
        }
        catch (KafkaException failure)
        {
            return failure.Error.Code == ErrorCode.Local_State ? SeekOutcome.Stopped : SeekOutcome.NotNow;
        }
    }

    public void Dispose()
    {
        // Order matters: once this returns no callback is under way, and the handle may go.
        _library.NotifyArrivals(_queue, null, 0);
        _arrival.Free();
        _library.Destroy(_queue);
        Arrival.Dispose();
    }

    private void HandOn(RdMessage** batch, int taken, Cursor cursor, IRecordSink sink)
    {
        var at = 0;
        try
        {
            for (; at < taken; at++)
            {
                var message = batch[at];
                if (message->Error != 0) NoteEvent(message, cursor);
                else if (cursor.Accepts(message->Offset, (int)message->Length)) sink.Record(message->Offset, new ReadOnlySpan<byte>(message->Payload, (int)message->Length));
                if (at == taken - 1 && message->Error == 0) cursor.Timestamp = _library.TimestampOf(message);
            }
        }
        finally
        {
            lock (Destroying)
            {
                for (at = 0; at < taken; at++) _library.Destroy(batch[at]);
            }
        }
    }

    private static void NoteEvent(RdMessage* message, Cursor cursor)
    {
        switch (message->Error)
        {
            case RdMessage.PartitionEnd:
                cursor.NothingBelow(message->Offset);
                break;
            case RdMessage.OffsetOutOfReach:
                cursor.OutOfReach = true;
                break;
            default:
                cursor.Error = message->Error;
                break;
        }
    }
}
