namespace HBase.Client;

/// <summary>What a server does with a write before it answers.</summary>
public enum Durability
{
    /// <summary>What the table says; unless changed, as <see cref="SyncLog"/>.</summary>
    TableDefault = 0,

    /// <summary>Nothing: the write is lost if the server dies before the next flush.</summary>
    SkipLog = 1,

    /// <summary>The write goes to the log later: the newest may be lost if the server dies.</summary>
    AsyncLog = 2,

    /// <summary>The write is in the log, on several machines.</summary>
    SyncLog = 3,

    /// <summary>The write is in the log, on the disks of several machines.</summary>
    ForceLog = 4,
}
