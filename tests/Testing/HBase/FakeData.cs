using Google.Protobuf;
using Grains.Testing.HBase.Protocol;
using HBase.Client.Protocol;

namespace Grains.Testing.HBase;

/// <summary>Gets, mutations and conditions on the rows of a fake cluster.</summary>
internal sealed class FakeData(FakeCluster cluster)
{
    private const string Package = "org.apache.hadoop.hbase.";

    public ResultMessage Get(FakeRegion? region, GetMessage get, FrameBuffer cells)
    {
        var row = Row(region, get.Row);
        var found = row?.Cells(get.Column, (int)get.MaxVersions) ?? [];
        if (get.ExistenceOnly) return new ResultMessage { Exists = found.Count > 0 };

        return Result(get.Row.ToByteArray(), found, cells);
    }

    public ResultMessage Mutate(FakeRegion? region, MutationProto mutation, FrameBuffer cells)
    {
        Check(region!, mutation.Row);
        foreach (var family in mutation.ColumnValue)
        {
            if (region!.Table.Families.Contains(family.Family.ToStringUtf8())) continue;
            throw new FakeJavaException(Package + "regionserver.NoSuchColumnFamilyException", $"Column family {family.Family.ToStringUtf8()} does not exist") { DoNotRetry = true };
        }

        var key = mutation.Row.ToByteArray();
        if (!region!.Table.Rows.TryGetValue(key, out var row)) region.Table.Rows[key] = row = new FakeRow(key);
        return Result(key, row.Apply(mutation, cluster.Tick()), cells);
    }

    public bool Holds(FakeRegion? region, ConditionMessage condition)
    {
        var stored = Row(region, condition.Row)?.Newest(condition.Family.ToByteArray(), condition.Qualifier.ToByteArray()) ?? [];

        // BinaryComparator{1 ByteArrayComparable{1 value}}
        var comparable = new ProtoReader(condition.Comparator.SerializedComparator.Span);
        comparable.Next();
        var inner = new ProtoReader(comparable.ReadBytes());
        inner.Next();
        var order = stored.AsSpan().SequenceCompareTo(inner.ReadBytes());
        return condition.CompareType switch { 0 => order < 0, 1 => order <= 0, 2 => order == 0, 3 => order != 0, 4 => order >= 0, _ => order > 0 };
    }

    private static FakeRow? Row(FakeRegion? region, ByteString key)
    {
        Check(region!, key);
        return region!.Table.Rows.GetValueOrDefault(key.ToByteArray());
    }

    private static void Check(FakeRegion region, ByteString row)
    {
        if (!region.Contains(row.Span)) throw new FakeJavaException(Package + "regionserver.WrongRegionException", "the row is not in this region");
        if (region.Table.Disabled) throw new FakeJavaException(Package + "TableNotEnabledException", region.Table.Name.ToString()) { DoNotRetry = true };
    }

    private ResultMessage Result(byte[] row, List<(byte[] Family, byte[] Qualifier, long Timestamp, byte[] Value)> found, FrameBuffer cells)
    {
        var result = new ResultMessage();
        if (!cluster.InlineCells)
        {
            foreach (var cell in found) FakeRow.Write(cells, row, cell);
            result.AssociatedCellCount = found.Count;
            return result;
        }

        foreach (var (family, qualifier, timestamp, value) in found)
        {
            result.Cell.Add(new CellMessage
            {
                Row = ByteString.CopyFrom(row),
                Family = ByteString.CopyFrom(family),
                Qualifier = ByteString.CopyFrom(qualifier),
                Timestamp = (ulong)timestamp,
                CellType = 4,
                Value = ByteString.CopyFrom(value),
            });
        }

        return result;
    }
}
