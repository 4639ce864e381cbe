namespace HBase.Client;

/// <summary>Whether a table can be read and written.</summary>
public enum TableState
{
    /// <summary>There is no such table.</summary>
    Absent,

    /// <summary>It can be used.</summary>
    Enabled,

    /// <summary>It can be altered or deleted, not used.</summary>
    Disabled,

    /// <summary>On the way to <see cref="Disabled"/>.</summary>
    Disabling,

    /// <summary>On the way to <see cref="Enabled"/>.</summary>
    Enabling,
}
