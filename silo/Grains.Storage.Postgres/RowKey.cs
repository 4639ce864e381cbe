using System.Text;

namespace Grains.Storage.Postgres;

/// <summary>What can be a key.</summary>
internal static class RowKey
{
    /// <exception cref="ArgumentException">It is no key: 1 to 200 bytes of UTF-8 without U+0000, which PostgreSQL's text cannot hold.</exception>
    public static void Validate(string key)
    {
        if (string.IsNullOrEmpty(key) || (key.Length > 66 && Encoding.UTF8.GetByteCount(key) > 200) || key.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{key}' cannot be a key: 1 to 200 bytes of UTF-8 without U+0000.", nameof(key));
        }
    }
}
