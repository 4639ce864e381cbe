namespace Grains.Streams.Storage;

/// <summary>A storage could not do what it was asked. The message says what, on what, why, and what to do next.</summary>
/// <param name="message">What, on what, why, what next.</param>
/// <param name="isTransient">Whether the same call may succeed later.</param>
/// <param name="inner">The cause.</param>
public sealed class SnapshotStorageException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;
}
