namespace Grains.Silo;

/// <summary>Numbers of this project's log entries: 1900–1999.</summary>
internal static class EventIds
{
    public const int TutorialTablesLag = 1900;
}
