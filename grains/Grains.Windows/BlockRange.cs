namespace Grains.Windows;

/// <summary>Blocks from one to another, both of them included.</summary>
public readonly record struct BlockRange(long First, long Last);
