namespace HBase.Client;

/// <summary>Adds to columns that hold 64-bit numbers (eight bytes, big-endian), all or nothing.</summary>
/// <remarks>
/// Retries carry a nonce, by which a server recognises what it has done already for 30 minutes. That does not make it safe to repeat by the caller, or after a crash: what must be
/// counted exactly once is better written as an absolute value with <see cref="Put"/>.
/// </remarks>
public sealed class Increment(ReadOnlyMemory<byte> row) : Mutation(row, 1)
{
    /// <summary>Adds in the row whose key is the UTF-8 of a text.</summary>
    public Increment(string row) : this(HBaseBytes.Utf8(row))
    {
    }

    internal override string Verb => "Increment";

    internal override MutationKind Kind => MutationKind.Increment;

    /// <summary>Adds <paramref name="amount"/> to a column; an absent one counts as 0.</summary>
    public Increment Add(ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, long amount)
    {
        AddCell(new MutationCell(family, qualifier, HBaseBytes.Int64(amount)));
        return this;
    }

    /// <summary>Adds <paramref name="amount"/> to a column named by the UTF-8 of texts.</summary>
    public Increment Add(string family, string qualifier, long amount) => Add(HBaseBytes.Utf8(family), HBaseBytes.Utf8(qualifier), amount);
}
