namespace Grains.Storage.Sqlite;

/// <summary>The ids of this project's log events: 6000 to 6099.</summary>
internal static class EventIds
{
    public const int CommitFailed = 6000;
    public const int CommitsAgain = 6001;
}
