using Google.Protobuf;
using HBase.Client.Protocol;

namespace HBase.Client;

/// <summary>A table: its name, families and attributes.</summary>
public sealed class TableDescriptor(TableName name, params IReadOnlyList<ColumnFamilyDescriptor> families)
{
    /// <summary>The table's name.</summary>
    public TableName Name { get; } = name;

    /// <summary>Its families, one to three: more cost.</summary>
    public IReadOnlyList<ColumnFamilyDescriptor> Families { get; } = families;

    /// <summary>Attributes by the names HBase gives them (SPLIT_POLICY, MAX_FILESIZE, NORMALIZATION_ENABLED, …).</summary>
    public IDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal TableSchema ToMessage()
    {
        var message = new TableSchema { TableName = Name.ToMessage() };
        message.ColumnFamilies.AddRange(Families.Select(static family => family.ToMessage()));
        foreach (var (key, value) in Attributes) message.Attributes.Add(new BytesBytesPair { First = ByteString.CopyFromUtf8(key), Second = ByteString.CopyFromUtf8(value) });
        return message;
    }

    internal static TableDescriptor FromMessage(TableSchema message) =>
        new(TableName.FromMessage(message.TableName), [.. message.ColumnFamilies.Select(ColumnFamilyDescriptor.FromMessage)])
        {
            Attributes = message.Attributes.ToDictionary(static pair => pair.First.ToStringUtf8(), static pair => pair.Second.ToStringUtf8(), StringComparer.Ordinal),
        };
}
