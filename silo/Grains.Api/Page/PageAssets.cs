using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;

namespace Grains.Api.Page;

/// <summary>The files of the page, as they were built into this assembly; each is also kept compressed, made when it is first asked for.</summary>
internal sealed class PageAssets
{
    private const string Prefix = "page/";

    private readonly FrozenDictionary<string, PageAsset> _assets;

    public PageAssets()
        : this(typeof(PageAssets).Assembly)
    {
    }

    private PageAssets(Assembly assembly)
        => _assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => new PageAsset(name[Prefix.Length..], Read(assembly, name)), StringComparer.Ordinal);

    /// <summary>The file at a path such as <c>assets/index-1a2b3c.js</c>; null where there is none.</summary>
    public PageAsset? Find(string path) => _assets.GetValueOrDefault(path);

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>One file of the page.</summary>
internal sealed class PageAsset(string path, byte[] bytes)
{
    private readonly Lazy<byte[]> _compressed = new(() => Compress(bytes));

    /// <summary>What kind of file it is.</summary>
    public string ContentType { get; } = Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    /// <summary>Its content.</summary>
    public byte[] Bytes => bytes;

    /// <summary>Its content in Brotli; null where that saves nothing.</summary>
    public byte[]? Brotli => path.EndsWith(".woff2", StringComparison.Ordinal) ? null : _compressed.Value;

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal)) brotli.Write(bytes);

        return compressed.ToArray();
    }
}
