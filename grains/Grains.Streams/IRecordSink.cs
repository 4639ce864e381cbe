namespace Grains.Streams;

/// <summary>Takes records as a source reads them.</summary>
public interface IRecordSink
{
    /// <summary>Takes one record. The span is valid during the call only.</summary>
    /// <param name="position">The record's position; strictly growing from call to call of one partition, gaps allowed.</param>
    /// <param name="record">The record's bytes; may be empty.</param>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    void Record(long position, ReadOnlySpan<byte> record);
}
