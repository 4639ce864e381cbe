namespace HBase.Client;

/// <summary>Mutates a row only if a condition on the same row holds: the compare-and-set of HBase, decided under the row's lock.</summary>
public sealed class CheckAndMutate : RowOperation
{
    private CheckAndMutate(ReadOnlyMemory<byte> row, ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, CompareOperator compare, ReadOnlyMemory<byte> value)
        : base(row)
    {
        Family = family;
        Qualifier = qualifier;
        Compare = compare;
        Value = value;
    }

    internal ReadOnlyMemory<byte> Family { get; }

    internal ReadOnlyMemory<byte> Qualifier { get; }

    internal CompareOperator Compare { get; }

    internal ReadOnlyMemory<byte> Value { get; }

    internal HBaseFilter? Filter { get; private init; }

    internal Mutation? Mutation { get; private set; }

    internal RowMutations? Mutations { get; private set; }

    internal override string Verb => "CheckAndMutate";

    internal override int Size => base.Size + Family.Length + Qualifier.Length + Value.Length + 96 + (Mutation?.Size ?? 0) + (Mutations?.Size ?? 0);

    /// <summary>The condition: the newest value of a column stands in this relation to <paramref name="value"/>.</summary>
    /// <param name="row">The row key.</param>
    /// <param name="family">The family.</param>
    /// <param name="qualifier">The qualifier; may be empty.</param>
    /// <param name="compare">How the stored value must compare to <paramref name="value"/>.</param>
    /// <param name="value">What to compare with. Empty and <see cref="CompareOperator.Equal"/>: the column is absent or empty.</param>
    public static CheckAndMutate If(ReadOnlyMemory<byte> row, ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, CompareOperator compare, ReadOnlyMemory<byte> value) =>
        new(row, family, qualifier, compare, value);

    /// <summary>The condition: the newest value of a column is exactly this.</summary>
    public static CheckAndMutate IfEquals(ReadOnlyMemory<byte> row, ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier, ReadOnlyMemory<byte> value) =>
        new(row, family, qualifier, CompareOperator.Equal, value);

    /// <summary>The condition: the column has no value, or an empty one.</summary>
    public static CheckAndMutate IfAbsent(ReadOnlyMemory<byte> row, ReadOnlyMemory<byte> family, ReadOnlyMemory<byte> qualifier) =>
        new(row, family, qualifier, CompareOperator.Equal, default);

    /// <summary>The condition: something of the row passes the filter.</summary>
    public static CheckAndMutate IfMatches(ReadOnlyMemory<byte> row, HBaseFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new(row, default, default, CompareOperator.Equal, default) { Filter = filter };
    }

    /// <summary>What to do if the condition holds: one mutation of the same row.</summary>
    public CheckAndMutate Then(Mutation mutation)
    {
        ArgumentNullException.ThrowIfNull(mutation);
        CheckRow(mutation);
        Mutation = mutation;
        Mutations = null;
        return this;
    }

    /// <summary>What to do if the condition holds: several mutations of the same row, all or nothing.</summary>
    public CheckAndMutate Then(RowMutations mutations)
    {
        ArgumentNullException.ThrowIfNull(mutations);
        CheckRow(mutations);
        Mutations = mutations;
        Mutation = null;
        return this;
    }

    private void CheckRow(RowOperation operation)
    {
        if (!operation.Row.Span.SequenceEqual(Row.Span))
        {
            throw new ArgumentException($"{operation.Verb} is of row '{HBaseBytes.ToDisplay(operation.Row.Span)}', the condition of '{HBaseBytes.ToDisplay(Row.Span)}'.", nameof(operation));
        }
    }
}
