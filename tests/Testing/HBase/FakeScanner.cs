using Grains.Testing.HBase.Protocol;

namespace Grains.Testing.HBase;

/// <summary>An open scanner of a fake server: what is left of one region's rows when it was opened.</summary>
internal sealed class FakeScanner(FakeRegion region, ScanMessage scan, List<FakeCell> cells)
{
    public FakeRegion Region => region;

    public ScanMessage Scan => scan;

    /// <summary>Cells not sent yet, in the order of the scan.</summary>
    public List<FakeCell> Cells => cells;

    public int Position { get; set; }

    public ulong NextSequence { get; set; }

    public int HeartbeatsSent { get; set; }
}

/// <summary>One cell with its row.</summary>
internal readonly record struct FakeCell(byte[] Row, byte[] Family, byte[] Qualifier, long Timestamp, byte[] Value);
