namespace HBase.Client;

/// <summary>Why a call failed, in terms of what the caller can do.</summary>
public enum HBaseFailure
{
    /// <summary>The servers were not reached, or were not ready, until the deadline. A write was not done. The call can be repeated.</summary>
    Unavailable = 0,

    /// <summary>The servers said until the deadline that they are too busy. A write was not done. The call can be repeated, later and less often.</summary>
    ServerBusy = 1,

    /// <summary>No answer came in time, to something that changes nothing. The call can be repeated.</summary>
    Timeout = 2,

    /// <summary>A write was sent, and no answer says whether it was done; it may still be done later. Read before writing again what must not be written twice.</summary>
    OutcomeUnknown = 3,

    /// <summary>The server refuses the call as it is: a fault of the caller. Repeating it is of no use.</summary>
    Rejected = 4,

    /// <summary>The table does not exist, or is disabled.</summary>
    TableUnavailable = 5,

    /// <summary>The user may not do this, or the connection was refused by authentication.</summary>
    AccessDenied = 6,

    /// <summary>The server said something that this client does not understand, or the other way round.</summary>
    Protocol = 7,
}
