using HBase.Client.Protocol;

namespace HBase.Client.Regions;

/// <summary>Where a region is. Immutable; a move makes a new one.</summary>
internal sealed class RegionLocation
{
    public RegionLocation(TableName table, ReadOnlyMemory<byte> name, byte[] startKey, byte[] endKey, HBaseEndpoint server, long sequence = 0, RegionInfo? info = null)
    {
        Table = table;
        Name = name;
        StartKey = startKey;
        EndKey = endKey;
        Server = server;
        Sequence = sequence;
        Info = info;
        using var buffer = new FrameBuffer(name.Length + 16);
        var mark = buffer.Begin(1, name.Length + 4);
        buffer.WriteUInt64(1, (ulong)RegionSpecifier.Types.Kind.RegionName);
        buffer.WriteBytes(2, name.Span);
        buffer.End(mark);
        Specifier = buffer.Written.ToArray();
    }

    public TableName Table { get; }

    /// <summary>The row key in hbase:meta.</summary>
    public ReadOnlyMemory<byte> Name { get; }

    /// <summary>First row key; empty: from the beginning.</summary>
    public byte[] StartKey { get; }

    /// <summary>Row key behind the last; empty: to the end.</summary>
    public byte[] EndKey { get; }

    public HBaseEndpoint Server { get; }

    /// <summary>The region's sequence number when it was opened there, or a lower bound of it: of two locations of one region the higher is the newer.</summary>
    public long Sequence { get; }

    public RegionInfo? Info { get; }

    /// <summary>Field 1 of every request to a region, as it goes on the wire: <c>RegionSpecifier{1 REGION_NAME, 2 name}</c>.</summary>
    public byte[] Specifier { get; }

    public bool Contains(ReadOnlySpan<byte> row) => row.SequenceCompareTo(StartKey) >= 0 && (EndKey.Length == 0 || row.SequenceCompareTo(EndKey) < 0);

    /// <summary>Whether the region has the row keys right before this one; empty: the last of the table.</summary>
    public bool ContainsBefore(ReadOnlySpan<byte> row) =>
        row.IsEmpty ? EndKey.Length == 0 : row.SequenceCompareTo(StartKey) > 0 && (EndKey.Length == 0 || row.SequenceCompareTo(EndKey) <= 0);

    /// <summary>The region at the server that it went to when its sequence number was <paramref name="movedAt"/>.</summary>
    public RegionLocation At(HBaseEndpoint server, long movedAt) => new(Table, Name, StartKey, EndKey, server, movedAt + 1, Info);

    public override string ToString() => $"{HBaseBytes.ToDisplay(Name.Span)} on {Server}";
}
