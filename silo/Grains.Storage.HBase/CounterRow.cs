namespace Grains.Storage.HBase;

/// <summary>One counter.</summary>
/// <param name="Key">Its row key.</param>
/// <param name="Value">Its value.</param>
/// <param name="Stamp">Among the writes of a row the highest wins: a version, or ms since 1970; not negative. On a family with a TTL it must be near real time.</param>
public readonly record struct CounterRow(string Key, long Value, long Stamp);
