namespace HBase.Client;

/// <summary>Appends bytes to the values of columns, all or nothing. Retries carry a nonce, as those of <see cref="Increment"/> do.</summary>
public sealed class Append(ReadOnlyMemory<byte> row) : Mutation(row, 1)
{
    /// <summary>Appends in the row whose key is the UTF-8 of a text.</summary>
    public Append(string row) : this(HBaseBytes.Utf8(row))
    {
    }

    internal override string Verb => "Append";

    internal override MutationKind Kind => MutationKind.Append;

    /// <summary>Appends <paramref name="value"/> to a column; an absent one counts as empty.</summary>
    public Append Add(ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, ReadOnlyMemory<byte> value)
    {
        AddCell(new MutationCell(family, qualifier, value));
        return this;
    }
}
