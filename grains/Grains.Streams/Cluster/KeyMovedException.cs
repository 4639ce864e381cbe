namespace Grains.Streams.Cluster;

/// <summary>This silo does not own the key, not yet or no more. Ask again: the next call finds the owner.</summary>
[GenerateSerializer, Alias("Grains.Streams.KeyMovedException")]
public sealed class KeyMovedException : Exception
{
    /// <param name="key">The key.</param>
    public KeyMovedException(string key)
        : base($"'{key}' has moved to another silo. The call can be repeated.") => Key = key;

    /// <summary>The key.</summary>
    [Id(0)]
    public string Key { get; }
}
