using System.Runtime.InteropServices;
using HBase.Client.Protocol;

namespace HBase.Client.Regions;

/// <summary>
/// One step of a scan. <c>ScanRequest: 1 region, 2 scan (both to open), 3 scanner_id, 4 number_of_rows, 5 close_scanner, 6 next_call_seq, 7 client_handles_partials, 8 client_handles_heartbeats,
/// 10 renew, 11 limit_of_rows</c>. <c>ScanResponse: 1 cells_per_result*, 2 scanner_id, 3 more_results, 4 ttl, 5 results*, 7 partial_flag_per_result*, 8 more_results_in_region, 9 heartbeat_message</c>.
/// </summary>
internal sealed class ScanCall : RegionCall
{
    private readonly List<HBaseRow> _rows = [];
    private readonly List<int> _cellCounts = [];
    private readonly List<bool> _partialFlags = [];

    public override ReadOnlySpan<byte> Method => "Scan"u8;

    public override int ExpectedBytes => 256;

    /// <summary>What to open; null in later steps.</summary>
    public Scan? Scan { get; set; }

    public byte[] StartRow { get; set; } = [];

    public bool IncludeStartRow { get; set; }

    public ulong? ScannerId { get; set; }

    public int MaxRows { get; set; }

    /// <summary>Rows that the whole scan still wants; 0: no limit.</summary>
    public int LimitRows { get; set; }

    public ulong? Sequence { get; set; }

    public bool Close { get; set; }

    public bool Renew { get; set; }

    public IReadOnlyList<HBaseRow> Rows => _rows;

    public ulong? OpenedScannerId { get; private set; }

    /// <summary>False: the scan is over, in all regions.</summary>
    public bool MoreResults { get; private set; }

    /// <summary>False: this region has no more; the server has closed its scanner.</summary>
    public bool MoreInRegion { get; private set; }

    /// <summary>How long the server keeps a scanner that nobody asks for more.</summary>
    public TimeSpan Lease { get; private set; }

    /// <summary>Whether the row at this index goes on in the next answer.</summary>
    public bool IsPartial(int index) => index < _partialFlags.Count && _partialFlags[index];

    public override void WriteMessage(FrameBuffer buffer)
    {
        if (Scan is not null)
        {
            buffer.WriteRaw(Region!.Specifier);
            RequestEncoder.WriteScan(buffer, 2, Scan, StartRow, IncludeStartRow);
        }

        if (ScannerId is { } id) buffer.WriteUInt64(3, id);
        buffer.WriteUInt64(4, (uint)MaxRows);
        if (Close) buffer.WriteBool(5, true);
        if (Sequence is { } sequence) buffer.WriteUInt64(6, sequence);
        buffer.WriteBool(7, true);
        buffer.WriteBool(8, true);
        if (Renew) buffer.WriteBool(10, true);
        if (LimitRows > 0) buffer.WriteUInt64(11, (uint)LimitRows);
    }

    public override void ReadAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> cells)
    {
        _rows.Clear();
        _cellCounts.Clear();
        _partialFlags.Clear();
        (OpenedScannerId, MoreResults, MoreInRegion) = (null, true, true);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: ReadCounts(ref reader); break;
                case 2: OpenedScannerId = reader.ReadUInt64(); break;
                case 3: MoreResults = reader.ReadBool(); break;
                case 4: Lease = TimeSpan.FromMilliseconds(reader.ReadUInt32()); break;
                case 5: ReadInline(reader.ReadBytes()); break;
                case 7: ReadFlags(ref reader); break;
                case 8: MoreInRegion = reader.ReadBool(); break;
                default: reader.Skip(); break;
            }
        }

        if (_cellCounts.Count > 0) CutRows(cells);
    }

    // All rows of the answer share one copy of its cells.
    private void CutRows(ReadOnlySpan<byte> cells)
    {
        var copy = GC.AllocateUninitializedArray<byte>(cells.Length);
        cells.CopyTo(copy);
        var position = 0;
        foreach (var count in CollectionsMarshal.AsSpan(_cellCounts))
        {
            var length = CellBlock.Measure(copy.AsSpan(position), count);
            _rows.Add(new HBaseRow(copy.AsMemory(position, length), count));
            position += length;
        }
    }

    private void ReadInline(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> none = default;
        var result = CellResult.Read(message, ref none);
        _rows.Add(result.Row);
        _partialFlags.Add(result.Partial);
    }

    // Repeated numbers come one by one, or packed.
    private void ReadCounts(ref ProtoReader reader)
    {
        if (reader.WireType != 2)
        {
            AddCount(reader.ReadUInt64());
            return;
        }

        var packed = new ProtoReader(reader.ReadBytes());
        while (!packed.AtEnd) AddCount(packed.ReadVarint());
    }

    private void ReadFlags(ref ProtoReader reader)
    {
        if (reader.WireType != 2)
        {
            _partialFlags.Add(reader.ReadBool());
            return;
        }

        var packed = new ProtoReader(reader.ReadBytes());
        while (!packed.AtEnd) _partialFlags.Add(packed.ReadVarint() != 0);
    }

    private void AddCount(ulong count) => _cellCounts.Add(count <= int.MaxValue ? (int)count : throw new WireFormatException($"A result of {count} cells."));
}
