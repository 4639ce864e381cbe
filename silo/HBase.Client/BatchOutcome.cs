namespace HBase.Client;

/// <summary>What became of one operation of a batch.</summary>
public readonly struct BatchOutcome
{
    internal BatchOutcome(HBaseRow row, bool processed, HBaseException? error)
    {
        Row = row;
        Processed = processed;
        Error = error;
    }

    /// <summary>What was read, or the new values of an increment or append.</summary>
    public HBaseRow Row { get; }

    /// <summary>Whether it was done: false if it failed, and for a <see cref="CheckAndMutate"/> if its condition did not hold.</summary>
    public bool Processed { get; }

    /// <summary>Why it failed; null if it did not. <see cref="HBaseFailure.OutcomeUnknown"/>: it may have been done, or may yet be.</summary>
    public HBaseException? Error { get; }
}
