using HBase.Client;

namespace Grains.Testing.HBase;

/// <summary>A fake table: its rows, whatever region they are in, and its regions.</summary>
internal sealed class FakeTable(TableName name, IReadOnlyList<string> families)
{
    public TableName Name => name;

    public IReadOnlyList<string> Families => families;

    public bool Disabled { get; set; }

    public SortedDictionary<byte[], FakeRow> Rows { get; } = new(BytesComparer.Instance);

    public List<FakeRegion> Regions { get; } = [];

    /// <summary>Regions that were split; servers may still remember where they once went.</summary>
    public List<FakeRegion> Parents { get; } = [];

    public FakeRegion RegionOf(byte[] row) => Regions.Single(region => region.Contains(row));
}
