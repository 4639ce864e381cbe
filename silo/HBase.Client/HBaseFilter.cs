using HBase.Client.Protocol;

namespace HBase.Client;

/// <summary>What a server leaves out of a read. Filters of row keys alone do not save the server from reading the other rows: give the scan a start and a stop row too.</summary>
/// <remarks>Wire: <c>Filter{1 name of the Java class, 2 its own message}</c>.</remarks>
public sealed class HBaseFilter
{
    private const string Package = "org.apache.hadoop.hbase.filter.";
    private const int MustPassAll = 1;
    private const int MustPassOne = 2;

    private readonly string _name;
    private readonly byte[] _message;

    private HBaseFilter(string name, Action<FrameBuffer> write)
    {
        using var buffer = new FrameBuffer(256);
        write(buffer);
        _name = Package + name;
        _message = buffer.Written.ToArray();
    }

    /// <summary>Rows whose key begins with the prefix.</summary>
    public static HBaseFilter RowPrefix(ReadOnlyMemory<byte> prefix) => new("PrefixFilter", buffer => buffer.WriteBytes(1, prefix.Span));

    /// <summary>Columns whose qualifier begins with the prefix.</summary>
    public static HBaseFilter ColumnPrefix(ReadOnlyMemory<byte> prefix) => new("ColumnPrefixFilter", buffer => buffer.WriteBytes(1, prefix.Span));

    /// <summary>The first cell of each row: for counting rows.</summary>
    public static HBaseFilter FirstKeyOnly() => new("FirstKeyOnlyFilter", static _ => { });

    /// <summary>Cells without their values; with <paramref name="lengthAsValue"/> four big-endian bytes of the value's length instead.</summary>
    public static HBaseFilter KeyOnly(bool lengthAsValue = false) => new("KeyOnlyFilter", buffer => buffer.WriteBool(1, lengthAsValue));

    /// <summary>At most so many rows of each region.</summary>
    public static HBaseFilter Page(long rowsPerRegion) => new("PageFilter", buffer => buffer.WriteUInt64(1, (ulong)rowsPerRegion));

    /// <summary>Rows in which the newest value of a column compares so; with <paramref name="filterIfMissing"/> not those without the column.</summary>
    public static HBaseFilter ColumnValue(
        ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, CompareOperator compare, ReadOnlyMemory<byte> value, bool filterIfMissing = true) =>
        new("SingleColumnValueFilter", buffer =>
        {
            buffer.WriteBytes(1, family.Span);
            buffer.WriteBytes(2, qualifier.Span);
            buffer.WriteUInt64(3, (ulong)compare);
            RequestEncoder.WriteBinaryComparator(buffer, 4, value.Span);
            buffer.WriteBool(5, filterIfMissing);
            buffer.WriteBool(6, true);
        });

    /// <summary>What passes all of them.</summary>
    public static HBaseFilter All(params ReadOnlySpan<HBaseFilter> filters) => List(MustPassAll, filters.ToArray());

    /// <summary>What passes any of them.</summary>
    public static HBaseFilter Any(params ReadOnlySpan<HBaseFilter> filters) => List(MustPassOne, filters.ToArray());

    internal void Write(FrameBuffer buffer, int field)
    {
        var mark = buffer.Begin(field, _name.Length + _message.Length + 8);
        buffer.WriteString(1, _name);
        buffer.WriteBytes(2, _message);
        buffer.End(mark);
    }

    private static HBaseFilter List(int mode, HBaseFilter[] filters) => new("FilterList", buffer =>
    {
        buffer.WriteUInt64(1, (ulong)mode);
        foreach (var filter in filters) filter.Write(buffer, 2);
    });
}
