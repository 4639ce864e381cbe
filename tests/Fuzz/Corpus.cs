namespace Grains.Fuzz;

/// <summary>Golden bytes for each reader: what an honest server sends.</summary>
public static class Corpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "corpus");

    /// <summary>Those of a reader, in a fixed order.</summary>
    public static IReadOnlyList<byte[]> Of(string reader) => [.. Directory.GetFiles(Path.Combine(Folder, reader)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
