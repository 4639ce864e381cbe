namespace Grains.Testing.HBase;

/// <summary>An exception that a fake server sends to the client.</summary>
internal sealed class FakeJavaException(string javaClass, string message) : Exception(message)
{
    public string Class => javaClass;

    public bool DoNotRetry { get; init; }
}
