namespace Grains.Cli.Checks;

/// <summary>How a check ended.</summary>
internal enum FindingSeverity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and somebody should look at it.</summary>
    Warn,

    /// <summary>It does not work.</summary>
    Fail,
}
