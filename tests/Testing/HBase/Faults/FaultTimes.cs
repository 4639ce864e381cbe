namespace Grains.Testing.HBase.Faults;

/// <summary>What a fault was to those who write.</summary>
/// <param name="FirstWrite">From the fault to the first acknowledged write after it, of any writer.</param>
/// <param name="EveryRow">From the fault until each row had an acknowledged write again.</param>
/// <param name="LongestGap">The longest time in which one writer had no acknowledged write.</param>
/// <param name="Healed">From the fault until it was over: until then servers were down, stopped, or starting.</param>
public readonly record struct FaultTimes(TimeSpan FirstWrite, TimeSpan EveryRow, TimeSpan LongestGap, TimeSpan Healed);
