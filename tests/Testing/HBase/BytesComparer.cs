namespace Grains.Testing.HBase;

/// <summary>Compares as HBase does: unsigned bytes from the left.</summary>
internal sealed class BytesComparer : IComparer<byte[]>
{
    public static BytesComparer Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
