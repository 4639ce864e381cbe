using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>How a table of this storage is made: one family of one version, cut into equal parts of its keys' first byte or two.</summary>
internal sealed record TableLayout(TableName Name, string Family, IReadOnlyList<byte[]> SplitKeys, string Compression, TimeSpan? TimeToLive)
{
    public TableDescriptor Describe() => new(
        Name,
        new ColumnFamilyDescriptor(Family) { MaxVersions = 1, BloomFilter = "ROW", Compression = Compression, DataBlockEncoding = "FAST_DIFF", TimeToLive = TimeToLive })
    {
        // Parts are even by construction: nothing to merge where a table is still empty.
        Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["NORMALIZATION_ENABLED"] = "false" },
    };

    /// <summary>Borders that cut keys whose first two bytes are spread evenly.</summary>
    public static byte[][] EvenSplits(int parts) => [.. Enumerable.Range(1, parts - 1).Select(i => new[] { (byte)(i * 65536 / parts >> 8), (byte)(i * 65536 / parts) })];

    /// <summary>Borders between the values of a first byte.</summary>
    public static byte[][] BucketSplits(int buckets) => [.. Enumerable.Range(1, buckets - 1).Select(static i => new[] { (byte)i })];
}
