using System.IO.Hashing;
using System.Text;

namespace Grains.Streams.Pumps;

/// <summary>Compares keys as strings and as the UTF-8 bytes of a record, so that a key is found without making a string of it.</summary>
internal sealed class Utf8KeyComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private const int StackBytes = 256;

    public static Utf8KeyComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string key)
    {
        var size = Encoding.UTF8.GetMaxByteCount(key.Length);
        var bytes = size <= StackBytes ? stackalloc byte[StackBytes] : new byte[size];
        return GetHashCode(bytes[..Encoding.UTF8.GetBytes(key, bytes)]);
    }

    public bool Equals(ReadOnlySpan<byte> utf8, string key) => Ascii.Equals(utf8, key) || (!Ascii.IsValid(utf8) && string.Equals(Encoding.UTF8.GetString(utf8), key, StringComparison.Ordinal));

    public int GetHashCode(ReadOnlySpan<byte> utf8) => (int)XxHash3.HashToUInt64(utf8);

    public string Create(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
