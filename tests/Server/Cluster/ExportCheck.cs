using System.Text;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>The checker: an export against the oracle's, byte for byte.</summary>
internal static class ExportCheck
{
    private const int Shown = 10;

    /// <summary>The lines of an export in the order of their bytes.</summary>
    public static byte[] Sort(string export)
    {
        var lines = export.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // UTF-8 and UTF-16 sort alike but for surrogates, of which the workload has none.
        Array.Sort(lines, StringComparer.Ordinal);
        return Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>What is wrong with an export; null where it equals the oracle's.</summary>
    public static string? Fault(byte[] expected, byte[] actual)
    {
        if (expected.AsSpan().SequenceEqual(actual)) return null;

        var (want, have) = (Lines(expected), Lines(actual));
        var missing = want.Except(have).ToList();
        var surplus = have.Except(want).ToList();
        return $"{missing.Count} rows are missing and {surplus.Count} should not be there, of {want.Count}.\nmissing: {string.Join(" | ", missing.Take(Shown))}\nsurplus: {string.Join(" | ", surplus.Take(Shown))}";
    }

    public static void AssertEqual(byte[] expected, byte[] actual)
    {
        if (Fault(expected, actual) is { } fault) Assert.Fail(fault);
    }

    private static HashSet<string> Lines(ReadOnlySpan<byte> text) => [.. Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
