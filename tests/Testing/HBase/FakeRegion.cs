using Google.Protobuf;
using HBase.Client;
using HBase.Client.Protocol;

namespace Grains.Testing.HBase;

/// <summary>A region of a fake table.</summary>
internal sealed class FakeRegion(FakeTable table, byte[] startKey, byte[] endKey, long id, int server)
{
    public FakeTable Table => table;

    public byte[] StartKey => startKey;

    public byte[] EndKey => endKey;

    public int Server { get; private set; } = server;

    /// <summary>Grows with every opening.</summary>
    public long Sequence { get; private set; } = 1;

    /// <summary>What servers that had the region remember of where it went, and of its sequence number then.</summary>
    public Dictionary<int, (int Server, long Sequence)> Gone { get; } = [];

    public void Move(int target)
    {
        Gone[Server] = (target, Sequence);
        (Server, Sequence) = (target, Sequence + 2);
    }

    /// <summary>Row key in hbase:meta.</summary>
    public byte[] Name { get; } = [.. HBaseBytes.Utf8($"{table.Name},"), .. startKey, .. HBaseBytes.Utf8($",{id}.{id:x32}.")];

    public bool Contains(ReadOnlySpan<byte> row) => row.SequenceCompareTo(startKey) >= 0 && (endKey.Length == 0 || row.SequenceCompareTo(endKey) < 0);

    public RegionInfo Info => new()
    {
        RegionId = (ulong)id,
        TableName = table.Name.ToMessage(),
        StartKey = ByteString.CopyFrom(startKey),
        EndKey = ByteString.CopyFrom(endKey),
    };
}
