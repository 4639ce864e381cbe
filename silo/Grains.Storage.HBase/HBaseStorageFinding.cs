namespace Grains.Storage.HBase;

/// <summary>Something about a table that is not as its storage needs it.</summary>
/// <param name="Table">The table.</param>
/// <param name="IsError">Whether the storage cannot work so, or would lose data; false: it is only not what the options say.</param>
/// <param name="Text">What is so, and what to do.</param>
public sealed record HBaseStorageFinding(string Table, bool IsError, string Text);
