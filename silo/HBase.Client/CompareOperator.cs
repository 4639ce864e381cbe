namespace HBase.Client;

/// <summary>How a stored value must compare to a given one, as unsigned bytes from the left.</summary>
public enum CompareOperator
{
    /// <summary>Stored &lt; given.</summary>
    Less = 0,

    /// <summary>Stored ≤ given.</summary>
    LessOrEqual = 1,

    /// <summary>Stored = given.</summary>
    Equal = 2,

    /// <summary>Stored ≠ given.</summary>
    NotEqual = 3,

    /// <summary>Stored ≥ given.</summary>
    GreaterOrEqual = 4,

    /// <summary>Stored &gt; given.</summary>
    Greater = 5,
}
