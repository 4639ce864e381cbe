namespace Grains.Testing.HBase.Faults;

/// <summary>What came of a campaign.</summary>
/// <param name="Times">The faults, in order, and what they were to those who write.</param>
/// <param name="Acknowledged">Writes acknowledged.</param>
/// <param name="Unknown">Writes of which the client said that nobody knows.</param>
/// <param name="GivenUp">Calls given up when the operation's time was over, nothing having been done.</param>
/// <param name="Moves">Regions moved.</param>
/// <param name="Splits">Regions split.</param>
/// <param name="Contradictions">What cannot be; empty if all can.</param>
public sealed record FaultReport(
    IReadOnlyList<(HBaseFault Fault, FaultTimes Times)> Times, int Acknowledged, int Unknown, int GivenUp, int Moves, int Splits, IReadOnlyList<string> Contradictions);
