namespace HBase.Client;

/// <summary>Deletes columns or families of one row, or all of it if none is named. Repeating it does no harm.</summary>
/// <remarks>HBase deletes by a marker with a timestamp: until the next major compaction it hides also what is written later with a timestamp not above the marker's.</remarks>
public sealed class Delete(ReadOnlyMemory<byte> row) : Mutation(row, 0)
{
    /// <summary>Deletes from the row whose key is the UTF-8 of a text.</summary>
    public Delete(string row) : this(HBaseBytes.Utf8(row))
    {
    }

    /// <summary>For a whole row: versions up to and including this one; by default all up to the server's time.</summary>
    public long Timestamp { get; init; } = ServerTime;

    internal override string Verb => "Delete";

    internal override MutationKind Kind => MutationKind.Delete;

    /// <summary>Deletes all versions of a column, or those up to and including <paramref name="timestamp"/>.</summary>
    public Delete Column(ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, long timestamp = ServerTime)
    {
        AddCell(new MutationCell(family, qualifier, default, timestamp, DeleteKind.AllVersions));
        return this;
    }

    /// <summary>Deletes all versions of a column named by the UTF-8 of texts.</summary>
    public Delete Column(string family, string qualifier) => Column(HBaseBytes.Utf8(family), HBaseBytes.Utf8(qualifier));

    /// <summary>Deletes one version of a column: the newest, or the one of exactly <paramref name="timestamp"/>.</summary>
    public Delete ColumnVersion(ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, long timestamp = ServerTime)
    {
        AddCell(new MutationCell(family, qualifier, default, timestamp, DeleteKind.OneVersion));
        return this;
    }

    /// <summary>Deletes all columns of a family, in all versions or those up to and including <paramref name="timestamp"/>.</summary>
    public Delete Family(ReadOnlyMemory<byte> family, long timestamp = ServerTime)
    {
        AddCell(new MutationCell(family, default, default, timestamp, DeleteKind.Family));
        return this;
    }

    /// <summary>Deletes all columns of a family that have exactly this version.</summary>
    public Delete FamilyVersion(ReadOnlyMemory<byte> family, long timestamp)
    {
        AddCell(new MutationCell(family, default, default, timestamp, DeleteKind.FamilyVersion));
        return this;
    }
}
