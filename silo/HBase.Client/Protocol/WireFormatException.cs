namespace HBase.Client.Protocol;

/// <summary>Bytes from the network are not what the protocol says. The only exception that a reader of such bytes throws.</summary>
internal sealed class WireFormatException(string message) : Exception(message);
