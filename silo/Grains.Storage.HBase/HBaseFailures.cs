using Grains.Streams.Storage;
using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>Failures of HBase in the words of the storage contracts.</summary>
internal static class HBaseFailures
{
    /// <summary>A read, or a write that can be repeated: an unknown outcome is then no more than a reason to repeat it.</summary>
    public static SnapshotStorageException Wrap(string what, HBaseException cause) =>
        new($"{what}: {cause.Message}", cause.IsTransient || cause.Failure == HBaseFailure.OutcomeUnknown, cause);
}
