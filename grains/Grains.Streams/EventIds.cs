namespace Grains.Streams;

/// <summary>Numbers of this project's log entries: 1000–1099.</summary>
internal static class EventIds
{
    public const int PartitionOpened = 1000;
    public const int PartitionEnded = 1001;
    public const int PartitionRewound = 1003;
    public const int PartitionPaused = 1004;
    public const int PartitionResumed = 1005;
    public const int StorageAway = 1010;
    public const int StorageBack = 1011;
    public const int SnapshotsFailed = 1012;
    public const int SnapshotsRefused = 1013;
    public const int CellsHandedOver = 1020;
    public const int FileAwaited = 1030;
    public const int FileBegun = 1031;
    public const int FileGap = 1032;
}
