using Confluent.Kafka;

namespace Grains.Streams.Kafka.Consuming;

/// <summary>A partition's records as <c>Consume()</c> gave them: for processes in which librdkafka's own calls cannot be bound.</summary>
/// <remarks>The thread that consumes adds, the reader takes. Above its share of memory the partition is paused, below half of it resumed.</remarks>
internal sealed class ManagedQueue(IConsumer<Ignore, byte[]> consumer, TopicPartition partition, long maxBytes, Lock consuming) : IRecordQueue
{
    // librdkafka's own cost of a record is in its queue; this is the object's.
    private const int Overhead = 128;

    private readonly Queue<(long Offset, byte[]? Record, int Error)> _records = new();
    private long _bytes;
    private bool _paused;
    private bool _closed;

    public Arrival Arrival { get; } = new();

    /// <summary>Called under the lock of the consuming thread.</summary>
    public void Add(long offset, byte[]? record, int error)
    {
        lock (_records)
        {
            if (_closed) return;

            _records.Enqueue((offset, record, error));
            _bytes += Overhead + (record?.Length ?? 0);
            if (_bytes > maxBytes && !_paused) TryPause(true);
            Arrival.Set();
        }
    }

    public void Take(Cursor cursor, IRecordSink sink, int maxBytes)
    {
        cursor.Begin();
        while (cursor.Bytes < maxBytes && !cursor.OutOfReach && TryTake(out var offset, out var record, out var error))
        {
            if (error == Native.RdMessage.PartitionEnd) cursor.NothingBelow(offset);
            else if (error == Native.RdMessage.OffsetOutOfReach) cursor.OutOfReach = true;
            else if (error != 0) cursor.Error = error;
            else if (cursor.Accepts(offset, record?.Length ?? 0)) sink.Record(offset, record);
        }
    }

    public SeekOutcome Seek(long position)
    {
        // Nothing is between Consume() and this queue while the lock is held.
        lock (consuming)
        {
            var outcome = Move(position);
            if (outcome == SeekOutcome.NotNow) return outcome;

            lock (_records)
            {
                _records.Clear();
                _bytes = 0;
                if (_paused) TryPause(false);
            }

            return outcome;
        }
    }

    public void Dispose()
    {
        lock (_records) _closed = true;
        Arrival.Dispose();
    }

    private bool TryTake(out long offset, out byte[]? record, out int error)
    {
        lock (_records)
        {
            if (!_records.TryDequeue(out var head))
            {
                (offset, record, error) = (0, null, 0);
                return false;
            }

            (offset, record, error) = head;
            _bytes -= Overhead + (record?.Length ?? 0);
            if (_paused && _bytes < maxBytes / 2) TryPause(false);
            return true;
        }
    }

    private SeekOutcome Move(long position)
    {
        try
        {
            consumer.Seek(new TopicPartitionOffset(partition, position));
            return SeekOutcome.Done;
        }
        catch (KafkaException failure)
        {
            return failure.Error.Code == ErrorCode.Local_State ? SeekOutcome.Stopped : SeekOutcome.NotNow;
        }
    }

    // A partition that is not assigned any more cannot be paused, and need not be.
    private void TryPause(bool paused)
    {
        try
        {
            if (paused) consumer.Pause([partition]);
            else consumer.Resume([partition]);
            _paused = paused;
        }
        catch (KafkaException)
        {
            _paused = false;
        }
    }
}
