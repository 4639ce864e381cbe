using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>One operation of a batch on its way to an outcome.</summary>
internal sealed class BatchItem(RowOperation operation, Nonce nonce)
{
    public RowOperation Operation { get; } = operation;

    public Nonce Nonce { get; } = nonce;

    /// <summary>Where the running attempt went.</summary>
    public RegionLocation? Region { get; set; }

    public HBaseRow Row { get; private set; }

    public bool Processed { get; private set; }

    /// <summary>What the server said against it in the running attempt.</summary>
    public RemoteFault? Fault { get; private set; }

    /// <summary>Whether the running attempt was answered.</summary>
    public bool Answered { get; private set; }

    /// <summary>Whether an attempt may have been done without an answer saying so.</summary>
    public bool Ambiguous { get; set; }

    public Exception? LastError { get; set; }

    public bool IsPlain => Operation is Get or Mutation;

    public void Begin(RegionLocation region)
    {
        Region = region;
        (Row, Processed, Fault, Answered) = (default, false, null, false);
    }

    public void Answer(HBaseRow row, bool processed, RemoteFault? fault)
    {
        (Row, Processed, Fault, Answered) = (row, processed, fault, true);
    }
}
