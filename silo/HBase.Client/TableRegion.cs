namespace HBase.Client;

/// <summary>A region of a table: the rows from <paramref name="StartKey"/> to before <paramref name="EndKey"/>, on one server.</summary>
/// <param name="Name">Its full name: the row key in hbase:meta.</param>
/// <param name="StartKey">First row key; empty: from the beginning.</param>
/// <param name="EndKey">Row key behind the last; empty: to the end.</param>
/// <param name="Server">Where it is.</param>
public sealed record TableRegion(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> StartKey, ReadOnlyMemory<byte> EndKey, HBaseEndpoint Server)
{
    /// <summary>The hash in its name, by which the shell and the logs call it.</summary>
    public string EncodedName
    {
        get
        {
            // table,startKey,id.encodedName.
            var text = HBaseBytes.ToDisplay(Name.Span).TrimEnd('.');
            return text[(text.LastIndexOf('.') + 1)..];
        }
    }
}
