using Grains.Abstractions;
using Grains.Weblog.Agents;
using Grains.Weblog.Lines;
using Grains.Weblog.Regions;
using Grains.Weblog.Sources;

namespace Grains.Weblog;

/// <summary>What all parsers of a process share: the rules for browsers, the address database, the vocabulary. Makes one parser for each source.</summary>
/// <remarks>Safe for concurrent use. Dispose of it after its parsers.</remarks>
public sealed class LogLineParserFactory : IDisposable
{
    private readonly WeblogOptions _options;
    private readonly TimeProvider _time;
    private readonly CourseMatcher _courses;
    private readonly AgentClassifier _agents;
    private readonly RegionLookup _regions;
    private readonly SourceClassifier _sources;

    /// <summary>Reads the data files, which takes some tenths of a second.</summary>
    /// <param name="options">Valid options, by <see cref="WeblogOptionsValidator"/>; read once.</param>
    /// <param name="vocabulary">The tables that the events' ids are taken from.</param>
    /// <param name="time">The clock that says what is in the future.</param>
    /// <exception cref="WeblogDataException">A data file cannot be used.</exception>
    public LogLineParserFactory(WeblogOptions options, CourseVocabulary vocabulary, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _courses = new(options.Course);
        _sources = new(options.OwnHosts, vocabulary);
        _agents = new(AgentRules.Load(options.AgentRulesFile), vocabulary);
        _regions = RegionLookup.Load(options.RegionDatabaseFile, vocabulary.Regions);
    }

    /// <summary>A parser for one source.</summary>
    public LogLineParser Create() => new(_options, _time, _courses, _agents, _regions, _sources);

    /// <inheritdoc/>
    public void Dispose() => _regions.Dispose();
}
