using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Grains.Storage.HBase;

/// <summary>Row keys. A key's own text never leads: neighbours in time or name would all go to one region.</summary>
/// <remarks>
/// snapshot, grain state: <c>2 bytes of XxHash3(key) | key</c>. History: <c>bucket: XxHash3(key) mod buckets | length of key | key | window, 8 bytes big-endian, sign flipped</c>, so that the windows of
/// a key stand together in ascending order.
/// </remarks>
internal static class RowKey
{
    private const int HashBytes = 2;
    private const int HistoryHeadBytes = 2;
    private const ulong SignBit = 1UL << 63;

    public static byte[] Spread(string key)
    {
        var row = new byte[HashBytes + Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(key, row.AsSpan(HashBytes));
        BinaryPrimitives.WriteUInt16BigEndian(row, (ushort)XxHash3.HashToUInt64(row.AsSpan(HashBytes)));
        return row;
    }

    public static string Key(ReadOnlySpan<byte> row) => Encoding.UTF8.GetString(row[HashBytes..]);

    public static byte[] History(string key, long window, int buckets)
    {
        var length = Encoding.UTF8.GetByteCount(key);
        var row = new byte[HistoryHeadBytes + length + sizeof(long)];
        Encoding.UTF8.GetBytes(key, row.AsSpan(HistoryHeadBytes));
        row[0] = (byte)(XxHash3.HashToUInt64(row.AsSpan(HistoryHeadBytes, length)) % (ulong)buckets);
        row[1] = checked((byte)length);
        BinaryPrimitives.WriteUInt64BigEndian(row.AsSpan(HistoryHeadBytes + length), (ulong)window ^ SignBit);
        return row;
    }

    /// <summary>False: it is not a row key of this storage.</summary>
    public static bool TryReadHistory(ReadOnlySpan<byte> row, out string key, out long window)
    {
        (key, window) = ("", 0);
        if (row.Length < HistoryHeadBytes + sizeof(long) || row.Length != HistoryHeadBytes + row[1] + sizeof(long)) return false;

        key = Encoding.UTF8.GetString(row.Slice(HistoryHeadBytes, row[1]));
        window = (long)(BinaryPrimitives.ReadUInt64BigEndian(row[^sizeof(long)..]) ^ SignBit);
        return true;
    }
}
