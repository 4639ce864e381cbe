using Grains.Abstractions;

namespace Grains.Windows.Rows;

/// <summary>What writing and reading rows needs again and again: one a thread.</summary>
internal sealed class RowTools(CourseVocabulary vocabulary)
{
    [ThreadStatic]
    private static RowTools? _mine;

    private readonly CourseVocabulary _vocabulary = vocabulary;

    public RowWriter Row { get; } = new();

    public RowWriter Body { get; } = new();

    public BlockGrid Grid { get; } = new();

    public BodyWriter Bodies { get; } = new(vocabulary);

    public List<(uint Second, long Views)> Seconds { get; } = [];

    public NameTable Names { get; } = new(vocabulary);

    public static RowTools Of(CourseVocabulary vocabulary)
    {
        if (_mine is null || !ReferenceEquals(_mine._vocabulary, vocabulary)) _mine = new RowTools(vocabulary);
        return _mine;
    }

    /// <summary>Reads a body to its end, which proves it whole, and tells its views.</summary>
    public long Check(ReadOnlySpan<byte> body)
    {
        var reader = new BodyReader(body);
        while (reader.Read()) Names.IdOf(ref reader);
        return reader.Views.Sum();
    }
}
