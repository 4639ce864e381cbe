namespace Grains.Windows;

/// <summary>One stored number.</summary>
/// <param name="WindowStart">The minute's beginning in seconds since 1970; 0 for all time.</param>
/// <param name="Dimension"><c>views</c>, <c>client</c>, <c>os</c>, <c>device</c>, <c>region</c> or <c>source</c>.</param>
/// <param name="Value">The value of the dimension; empty for <c>views</c>.</param>
/// <param name="Views">The count.</param>
public readonly record struct WindowCount(long WindowStart, string Dimension, string Value, long Views);
