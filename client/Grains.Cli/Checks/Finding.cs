namespace Grains.Cli.Checks;

/// <summary>What a check has found.</summary>
/// <param name="Severity">How it ended.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Found">What was seen.</param>
/// <param name="Cause">Why that may be so; empty where all is well.</param>
/// <param name="Fix">What to do; empty where all is well.</param>
internal sealed record Finding(FindingSeverity Severity, string Subject, string Found, string Cause = "", string Fix = "");
