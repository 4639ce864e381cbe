namespace HBase.Client;

/// <summary>Writes columns of one row, all or nothing. Repeating it does no harm.</summary>
/// <param name="row">The row key.</param>
/// <param name="columns">How many columns will be added, to make room for at once.</param>
public sealed class Put(ReadOnlyMemory<byte> row, int columns = 1) : Mutation(row, columns)
{
    /// <summary>Writes the row whose key is the UTF-8 of a text.</summary>
    public Put(string row) : this(HBaseBytes.Utf8(row))
    {
    }

    internal override string Verb => "Put";

    internal override MutationKind Kind => MutationKind.Put;

    /// <summary>Adds a column; the value may be empty.</summary>
    /// <param name="family">The family; must exist in the table.</param>
    /// <param name="qualifier">The qualifier; may be empty.</param>
    /// <param name="value">The value; at most 10 MiB unless the server is set otherwise.</param>
    /// <param name="timestamp">The version, by convention ms since 1970: the highest is the one that is read, whichever was written last.</param>
    public Put Add(ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, ReadOnlyMemory<byte> value, long timestamp = ServerTime)
    {
        AddCell(new MutationCell(family, qualifier, value, timestamp));
        return this;
    }

    /// <summary>Adds a column named by the UTF-8 of texts.</summary>
    public Put Add(string family, string qualifier, ReadOnlyMemory<byte> value) => Add(HBaseBytes.Utf8(family), HBaseBytes.Utf8(qualifier), value);

    /// <summary>Adds a column; all are the UTF-8 of texts.</summary>
    public Put Add(string family, string qualifier, string value) => Add(family, qualifier, HBaseBytes.Utf8(value));
}
