using Grains.Testing.HBase.Protocol;
using HBase.Client;
using HBase.Client.Protocol;

namespace Grains.Testing.HBase;

/// <summary>One row of a fake table: for each column its versions, newest first. Deletes take effect at once and leave no marker.</summary>
internal sealed class FakeRow(byte[] key)
{
    private readonly SortedDictionary<byte[], SortedDictionary<long, byte[]>> _columns = new(BytesComparer.Instance);

    public byte[] Key => key;

    public bool IsEmpty => _columns.Count == 0;

    public byte[]? Newest(byte[] family, byte[] qualifier) => _columns.TryGetValue(Column(family, qualifier), out var versions) ? versions.First().Value : null;

    public List<(byte[] Family, byte[] Qualifier, long Timestamp, byte[] Value)> Cells(IReadOnlyCollection<Column> columns, int maxVersions)
    {
        var cells = new List<(byte[], byte[], long, byte[])>();
        foreach (var (column, versions) in _columns)
        {
            var family = column[1..(1 + column[0])];
            var qualifier = column[(1 + column[0])..];
            var wanted = columns.Count == 0 || columns.Any(c => c.Family.Span.SequenceEqual(family) && (c.Qualifier.Count == 0 || c.Qualifier.Any(q => q.Span.SequenceEqual(qualifier))));
            if (wanted) cells.AddRange(versions.Take(maxVersions).Select(version => (family, qualifier, version.Key, version.Value)));
        }

        return cells;
    }

    /// <summary>Applies a mutation; returns the cells that an increment or append made.</summary>
    public List<(byte[] Family, byte[] Qualifier, long Timestamp, byte[] Value)> Apply(MutationProto mutation, long now)
    {
        var made = new List<(byte[], byte[], long, byte[])>();
        if (mutation.MutateType == MutationProto.Types.MutationType.Delete && mutation.ColumnValue.Count == 0) _columns.Clear();
        foreach (var family in mutation.ColumnValue)
        {
            foreach (var value in family.QualifierValue) ApplyOne(mutation.MutateType, family.Family.ToByteArray(), value, now, made);
        }

        return made;
    }

    private void ApplyOne(MutationProto.Types.MutationType type, byte[] family, QualifierValue change, long now, List<(byte[], byte[], long, byte[])> made)
    {
        var qualifier = change.Qualifier.ToByteArray();
        var timestamp = change.HasTimestamp ? (long)change.Timestamp : now;
        var old = Newest(family, qualifier) ?? [];
        switch (type)
        {
            case MutationProto.Types.MutationType.Put:
                Set(family, qualifier, timestamp, change.Value.ToByteArray());
                break;
            case MutationProto.Types.MutationType.Delete:
                Delete(family, qualifier, change);
                break;
            case MutationProto.Types.MutationType.Increment:
                var sum = HBaseBytes.Int64((old.Length == 0 ? 0 : HBaseBytes.ToInt64(old)) + HBaseBytes.ToInt64(change.Value.Span));
                Set(family, qualifier, timestamp, sum);
                made.Add((family, qualifier, timestamp, sum));
                break;
            default:
                byte[] joined = [.. old, .. change.Value.Span];
                Set(family, qualifier, timestamp, joined);
                made.Add((family, qualifier, timestamp, joined));
                break;
        }
    }

    private void Delete(byte[] family, byte[] qualifier, QualifierValue change)
    {
        foreach (var column in _columns.Keys.Where(known => known.AsSpan(1, known[0]).SequenceEqual(family)).ToList())
        {
            var isFamily = change.DeleteType >= 2;
            if (!isFamily && !column.AsSpan(1 + column[0]).SequenceEqual(qualifier)) continue;

            var versions = _columns[column];
            var gone = versions.Keys.Where(version => change.DeleteType switch
            {
                0 => change.HasTimestamp ? version == (long)change.Timestamp : version == versions.Keys.First(),
                3 => version == (long)change.Timestamp,
                _ => !change.HasTimestamp || version <= (long)change.Timestamp,
            }).ToList();
            foreach (var version in gone) versions.Remove(version);
            if (versions.Count == 0) _columns.Remove(column);
        }
    }

    private void Set(byte[] family, byte[] qualifier, long timestamp, byte[] value)
    {
        var column = Column(family, qualifier);
        if (!_columns.TryGetValue(column, out var versions)) _columns[column] = versions = new SortedDictionary<long, byte[]>(Comparer<long>.Create(static (a, b) => b.CompareTo(a)));
        versions[timestamp] = value;
    }

    private static byte[] Column(byte[] family, byte[] qualifier) => [(byte)family.Length, .. family, .. qualifier];

    public static void Write(FrameBuffer block, byte[] row, (byte[] Family, byte[] Qualifier, long Timestamp, byte[] Value) cell) =>
        CellBlock.Append(block, row, cell.Family, cell.Qualifier, cell.Timestamp, 4, cell.Value);
}
