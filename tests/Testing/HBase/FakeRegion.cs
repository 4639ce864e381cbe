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

    public int Server { get; set; } = server;

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
