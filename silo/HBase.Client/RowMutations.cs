namespace HBase.Client;

/// <summary>Several mutations of one row, applied in order, all or nothing.</summary>
public sealed class RowMutations(ReadOnlyMemory<byte> row) : RowOperation(row)
{
    private readonly List<Mutation> _mutations = [];

    internal override string Verb => "MutateRow";

    internal IReadOnlyList<Mutation> Mutations => _mutations;

    internal override int Size => base.Size + _mutations.Sum(static mutation => mutation.Size);

    /// <summary>Adds a mutation of the same row.</summary>
    /// <exception cref="ArgumentException">It is of another row.</exception>
    public RowMutations Add(Mutation mutation)
    {
        ArgumentNullException.ThrowIfNull(mutation);
        if (!mutation.Row.Span.SequenceEqual(Row.Span))
        {
            throw new ArgumentException($"{mutation.Verb} is of row '{HBaseBytes.ToDisplay(mutation.Row.Span)}', the others of '{HBaseBytes.ToDisplay(Row.Span)}'.", nameof(mutation));
        }

        _mutations.Add(mutation);
        return this;
    }
}
