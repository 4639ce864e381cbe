using System.Collections.Concurrent;

namespace Grains.Streams.Cells;

/// <summary>Numbers the partitions that a silo has seen, so that a cell keeps four bytes of each and not its name. Names are few: one a partition that was ever read.</summary>
internal sealed class PartitionTable
{
    private readonly ConcurrentDictionary<PartitionId, int> _numbers = new();
    private readonly Lock _gate = new();
    private PartitionId[] _partitions = [];

    public PartitionId this[int number] => Volatile.Read(ref _partitions)[number];

    public int NumberOf(PartitionId partition)
    {
        if (_numbers.TryGetValue(partition, out var number)) return number;

        lock (_gate)
        {
            if (_numbers.TryGetValue(partition, out number)) return number;

            number = _partitions.Length;
            // Order matters: a number that can be found has its name.
            Volatile.Write(ref _partitions, [.. _partitions, partition]);
            _numbers[partition] = number;
            return number;
        }
    }
}
