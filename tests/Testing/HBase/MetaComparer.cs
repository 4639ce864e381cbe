namespace Grains.Testing.HBase;

/// <summary>The order of hbase:meta: <c>table,startKey,id</c> part by part, so that a start key may have commas and a table's rows stand together.</summary>
internal sealed class MetaComparer : IComparer<byte[]>
{
    public static MetaComparer Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y)
    {
        var (a, b) = (Cut(x!), Cut(y!));
        var order = a.Table.AsSpan().SequenceCompareTo(b.Table);
        if (order == 0) order = a.StartKey.AsSpan().SequenceCompareTo(b.StartKey);
        return order == 0 ? a.Id.AsSpan().SequenceCompareTo(b.Id) : order;
    }

    private static (byte[] Table, byte[] StartKey, byte[] Id) Cut(byte[] key)
    {
        var first = Array.IndexOf(key, (byte)',');
        var last = Array.LastIndexOf(key, (byte)',');
        if (first < 0 || last == first) throw new ArgumentException($"'{Convert.ToHexString(key)}' is not a key of hbase:meta: two commas are needed.");

        return (key[..first], key[(first + 1)..last], key[(last + 1)..]);
    }
}
