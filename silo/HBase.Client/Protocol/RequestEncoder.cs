using System.Buffers.Binary;

namespace HBase.Client.Protocol;

/// <summary>Writes the messages of ClientService by hand, straight into the buffer that goes to the socket.</summary>
/// <remarks>Runs per call; allocates nothing. Numbers in comments are those of the fields.</remarks>
internal static class RequestEncoder
{
    private const int AllowPartialResults = 18;

    // Get: 1 row, 2 column*, 4 filter, 5 time_range, 6 max_versions, 7 cache_blocks, 10 existence_only
    public static void WriteGet(FrameBuffer buffer, int field, Get get, bool existenceOnly)
    {
        var mark = buffer.Begin(field, get.Size);
        buffer.WriteBytes(1, get.Row.Span);
        get.Columns?.Write(buffer, 2);
        get.Filter?.Write(buffer, 4);
        WriteTimeRange(buffer, 5, get.TimeRange);
        if (get.MaxVersions != 1) buffer.WriteUInt64(6, (uint)get.MaxVersions);
        if (!get.CacheBlocks) buffer.WriteBool(7, false);
        if (existenceOnly) buffer.WriteBool(10, true);
        buffer.End(mark);
    }

    // MutationProto: 1 row, 2 mutate_type, 3 column_value*, 4 timestamp, 5 attribute*, 6 durability, 9 nonce
    public static void WriteMutation(FrameBuffer buffer, int field, Mutation mutation, ulong nonce)
    {
        var mark = buffer.Begin(field, mutation.Size);
        buffer.WriteBytes(1, mutation.Row.Span);
        buffer.WriteUInt64(2, (uint)mutation.Kind);
        var cells = mutation.Cells;
        for (var i = 0; i < cells.Length; i = WriteFamily(buffer, cells, i))
        {
        }

        if (mutation is Delete { Timestamp: not Mutation.ServerTime } delete) buffer.WriteUInt64(4, (ulong)delete.Timestamp);
        if (mutation.TimeToLive is { } ttl) WriteTimeToLive(buffer, ttl);
        if (mutation.Durability != Durability.TableDefault) buffer.WriteUInt64(6, (uint)mutation.Durability);
        if (nonce != 0) buffer.WriteUInt64(9, nonce);
        buffer.End(mark);
    }

    // Condition: 1 row, 2 family, 3 qualifier, 4 compare_type, 5 comparator, 7 filter
    public static void WriteCondition(FrameBuffer buffer, int field, CheckAndMutate check)
    {
        var mark = buffer.Begin(field, check.Row.Length + check.Family.Length + check.Qualifier.Length + check.Value.Length + 80);
        buffer.WriteBytes(1, check.Row.Span);
        if (check.Filter is { } filter)
        {
            filter.Write(buffer, 7);
        }
        else
        {
            buffer.WriteBytes(2, check.Family.Span);
            buffer.WriteBytes(3, check.Qualifier.Span);
            buffer.WriteUInt64(4, (uint)check.Compare);
            WriteBinaryComparator(buffer, 5, check.Value.Span);
        }

        buffer.End(mark);
    }

    // Comparator: 1 name, 2 BinaryComparator{1 ByteArrayComparable{1 value}}
    public static void WriteBinaryComparator(FrameBuffer buffer, int field, ReadOnlySpan<byte> value)
    {
        var mark = buffer.Begin(field, value.Length + 60);
        buffer.WriteBytes(1, "org.apache.hadoop.hbase.filter.BinaryComparator"u8);
        var comparator = buffer.Begin(2, value.Length + 6);
        var comparable = buffer.Begin(1, value.Length + 3);
        buffer.WriteBytes(1, value);
        buffer.End(comparable);
        buffer.End(comparator);
        buffer.End(mark);
    }

    // Scan: 1 column*, 3 start_row, 4 stop_row, 5 filter, 6 time_range, 7 max_versions, 8 cache_blocks, 10 max_result_size, 15 reversed, 17 caching, 21 include_start_row, 22 include_stop_row
    public static void WriteScan(FrameBuffer buffer, int field, Scan scan, ReadOnlySpan<byte> startRow, bool includeStartRow)
    {
        var mark = buffer.Begin(field, 100 + startRow.Length + scan.StopRow.Length);
        scan.Columns?.Write(buffer, 1);
        if (!startRow.IsEmpty) buffer.WriteBytes(3, startRow);
        if (!scan.StopRow.IsEmpty) buffer.WriteBytes(4, scan.StopRow.Span);
        scan.Filter?.Write(buffer, 5);
        WriteTimeRange(buffer, 6, scan.TimeRange);
        if (scan.MaxVersions != 1) buffer.WriteUInt64(7, (uint)scan.MaxVersions);
        if (!scan.CacheBlocks) buffer.WriteBool(8, false);
        buffer.WriteUInt64(10, (ulong)scan.ChunkBytes);
        if (scan.Reversed) buffer.WriteBool(15, true);
        buffer.WriteUInt64(17, (uint)scan.ChunkRows);
        buffer.WriteBool(AllowPartialResults, true);
        if (!includeStartRow) buffer.WriteBool(21, false);
        if (scan.IncludeStopRow) buffer.WriteBool(22, true);
        buffer.End(mark);
    }

    // ColumnValue: 1 family, 2 qualifier_value*{1 qualifier, 2 value, 3 timestamp, 4 delete_type}. Neighbours of one family share one. Returns the index behind them.
    private static int WriteFamily(FrameBuffer buffer, ReadOnlySpan<MutationCell> cells, int index)
    {
        var family = cells[index].Family.Span;
        var mark = buffer.Begin(3, cells[index].Qualifier.Length + cells[index].Value.Length + 16);
        buffer.WriteBytes(1, family);
        do
        {
            ref readonly var cell = ref cells[index];
            var column = buffer.Begin(2, cell.Qualifier.Length + cell.Value.Length + 8);
            buffer.WriteBytes(1, cell.Qualifier.Span);
            if (cell.Delete == DeleteKind.None) buffer.WriteBytes(2, cell.Value.Span);
            if (cell.Timestamp != Mutation.ServerTime) buffer.WriteUInt64(3, (ulong)cell.Timestamp);
            if (cell.Delete != DeleteKind.None) buffer.WriteUInt64(4, (uint)cell.Delete);
            buffer.End(column);
            index++;
        }
        while (index < cells.Length && cells[index].Family.Span.SequenceEqual(family));

        buffer.End(mark);
        return index;
    }

    private static void WriteTimeRange(FrameBuffer buffer, int field, (long From, long To)? range)
    {
        if (range is not { } times) return;

        var mark = buffer.Begin(field, 20);
        buffer.WriteUInt64(1, (ulong)times.From);
        buffer.WriteUInt64(2, (ulong)times.To);
        buffer.End(mark);
    }

    // attribute: NameBytesPair{1 "_ttl", 2 int64 ms, big-endian}
    private static void WriteTimeToLive(FrameBuffer buffer, TimeSpan ttl)
    {
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, (long)ttl.TotalMilliseconds);
        var mark = buffer.Begin(5, 16);
        buffer.WriteBytes(1, "_ttl"u8);
        buffer.WriteBytes(2, milliseconds);
        buffer.End(mark);
    }
}
