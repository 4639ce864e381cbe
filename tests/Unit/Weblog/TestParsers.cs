using Grains.Abstractions;
using Grains.Testing;
using Grains.Weblog;
using Microsoft.Extensions.Time.Testing;

namespace Grains.Tests.Unit.Weblog;

/// <summary>Parsers over the data files that the build fetches, or those beside the repository.</summary>
internal sealed class TestParsers : IDisposable
{
    /// <summary>What the clock of the tests says.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly LogLineParserFactory _factory;

    /// <param name="change">What differs from the default options.</param>
    public TestParsers(Action<WeblogOptions>? change = null)
    {
        var options = new WeblogOptions();
        if (!File.Exists(options.AgentRulesFile)) options.AgentRulesFile = BesideRepository.Shared("bench/data/regexes.yaml");
        options.RegionDatabaseFile = RegionDatabase();
        change?.Invoke(options);
        _factory = new(options, Vocabulary, Time);
    }

    public CourseVocabulary Vocabulary { get; } = new();

    public FakeTimeProvider Time { get; } = new(Now);

    /// <summary>The address database that the build fetched, or the one beside the repository.</summary>
    public static string RegionDatabase()
    {
        var fetched = new WeblogOptions().RegionDatabaseFile;
        return File.Exists(fetched) ? fetched : BesideRepository.Shared("bench/data/geo.mmdb");
    }

    /// <summary>Another parser of the same process.</summary>
    public LogLineParser Create() => _factory.Create();

    /// <summary>What becomes of one line of a source that has no other.</summary>
    public ParsedLine Parse(string line) => Parse(Create(), line);

    /// <summary>What becomes of a line.</summary>
    public ParsedLine Parse(LogLineParser parser, string line)
    {
        var outcome = parser.Parse(System.Text.Encoding.UTF8.GetBytes(line), out var course, out var view);
        return new(outcome, System.Text.Encoding.UTF8.GetString(course), view, Vocabulary);
    }

    public void Dispose() => _factory.Dispose();
}

/// <summary>A parsed line, in words.</summary>
internal sealed record ParsedLine(LineOutcome Outcome, string Course, CourseEvent View, CourseVocabulary Vocabulary)
{
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(View.EventTime);

    public string Browser => Vocabulary.Browsers[Vocabulary.Agents[View.Agent].Browser];

    public string System => Vocabulary.OperatingSystems[Vocabulary.Agents[View.Agent].Os];

    public string Device => Vocabulary.Devices[Vocabulary.Agents[View.Agent].Device];

    public string Region => Vocabulary.Regions[View.Region];

    public string Source => Vocabulary.Sources[View.Source];
}
