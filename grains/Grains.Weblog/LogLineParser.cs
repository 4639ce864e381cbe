using Grains.Abstractions;
using Grains.Weblog.Agents;
using Grains.Weblog.Lines;
using Grains.Weblog.Regions;
using Grains.Weblog.Sources;

namespace Grains.Weblog;

/// <summary>Understands the lines of one source: bytes → a view of a course, or the reason why there is none. Made by <see cref="LogLineParserFactory"/>; used by one thread at a time.</summary>
/// <remarks>
/// Whether a line is kept or skipped, and as what, does not depend on the lines before it, so that a source may be read again from anywhere. Only the reason of a
/// refusal may: it is told in terms of the format that the source was last seen to have.
/// </remarks>
public sealed class LogLineParser
{
    private const int MaxHosts = 4_096;
    private const int MaxAddresses = 8_192;
    private const int MaxHostBytes = 253;

    private readonly TimeProvider _time;
    private readonly CourseMatcher _courses;
    private readonly AgentClassifier _agents;
    private readonly RegionLookup _regions;
    private readonly SourceClassifier _sources;
    private readonly LineClock _clock;
    private readonly ByteCache _agentIds;
    private readonly ByteCache _hostSources = new(MaxHosts);
    private readonly ByteCache _v6Regions = new(MaxAddresses);
    private readonly LogFormat _wanted;
    private readonly int _maxLineBytes;
    private readonly int _maxAgentBytes;
    private readonly bool _skipBots;
    private readonly long _futureTolerance;

    private LogFormat _seen;
    private long _latestTime;

    internal LogLineParser(WeblogOptions options, TimeProvider time, CourseMatcher courses, AgentClassifier agents, RegionLookup regions, SourceClassifier sources)
    {
        (_time, _courses, _agents, _regions, _sources) = (time, courses, agents, regions, sources);
        _clock = new(options.LocalTimeOffset);
        _agentIds = new(options.AgentCacheSize);
        _wanted = options.Format;
        _maxLineBytes = options.MaxLineBytes;
        _maxAgentBytes = options.MaxAgentBytes;
        _skipBots = options.SkipBots;
        _futureTolerance = (long)options.FutureTolerance.TotalSeconds;
        _seen = options.Format;
    }

    /// <summary>Understands one line, without the end of line. Never throws.</summary>
    /// <param name="line">The line's bytes. A carriage return at its end is not part of it.</param>
    /// <param name="course">For <see cref="LineOutcome.Kept"/>, the course: a slice of <paramref name="line"/>.</param>
    /// <param name="view">For <see cref="LineOutcome.Kept"/>, the view.</param>
    /// <remarks>Runs per record; allocates nothing unless the line has an agent, a referring host or a network that was not seen of late.</remarks>
    public LineOutcome Parse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> course, out CourseEvent view)
    {
        course = default;
        view = default;
        if (!line.IsEmpty && line[^1] == '\r') line = line[..^1];
        if (line.IsEmpty) return LineOutcome.Empty;
        if (line.Length > _maxLineBytes) return LineOutcome.TooLong;

        var fields = default(LineFields);
        var outcome = Split(line, ref fields, out var seconds);
        if (outcome != LineOutcome.Kept) return outcome;

        outcome = _courses.Match(in fields, out var id);
        // Addresses of skipped lines are not read, but white space in one means that the line's fields are not what they seem.
        if (outcome != LineOutcome.Kept) return fields.Address.ContainsAnyInRange((byte)'\t', (byte)'\r') ? LineOutcome.BadAddress : outcome;
        if (IsInFuture(seconds)) return LineOutcome.FutureTime;
        if (!TryRegion(fields.Address, out var region)) return LineOutcome.BadAddress;

        var agent = Agent(fields.Agent);
        if (_skipBots && _agents.IsBot(agent)) return LineOutcome.Bot;

        course = id;
        view = new(seconds, agent, region, Source(fields.Referrer));
        return LineOutcome.Kept;
    }

    private LineOutcome Split(ReadOnlySpan<byte> line, ref LineFields fields, out uint seconds)
    {
        if (_seen != LogFormat.Auto)
        {
            var outcome = SplitAs(_seen, line, ref fields, out seconds);
            if (outcome == LineOutcome.Kept || _wanted != LogFormat.Auto) return outcome;

            // The formats exclude each other: what one understands is none of the other.
            var other = _seen == LogFormat.Combined ? LogFormat.Tabbed : LogFormat.Combined;
            if (SplitAs(other, line, ref fields, out seconds) != LineOutcome.Kept) return outcome;

            _seen = other;
            return LineOutcome.Kept;
        }

        foreach (var format in (ReadOnlySpan<LogFormat>)[LogFormat.Combined, LogFormat.Tabbed])
        {
            if (SplitAs(format, line, ref fields, out seconds) != LineOutcome.Kept) continue;

            _seen = format;
            return LineOutcome.Kept;
        }

        seconds = 0;
        return LineOutcome.NoFormat;
    }

    private LineOutcome SplitAs(LogFormat format, ReadOnlySpan<byte> line, ref LineFields fields, out uint seconds)
    {
        seconds = 0;
        var outcome = format == LogFormat.Combined ? CombinedLine.Split(line, ref fields) : TabbedLine.Split(line, ref fields);
        if (outcome != LineOutcome.Kept) return outcome;

        var isTime = format == LogFormat.Combined ? _clock.TryReadClf(fields.Time, out seconds) : _clock.TryReadLocal(fields.Time, out seconds);
        return isTime ? LineOutcome.Kept : LineOutcome.BadTime;
    }

    private bool IsInFuture(uint seconds)
    {
        if (seconds <= _latestTime) return false;

        // The bound only moves on, so the clock is read only when a line is beyond the one known: once per tolerance of a live log.
        _latestTime = _time.GetUtcNow().ToUnixTimeSeconds() + _futureTolerance;
        return seconds > _latestTime;
    }

    private bool TryRegion(ReadOnlySpan<byte> address, out ushort region)
    {
        var kind = LineAddress.Read(address, out var v4);
        switch (kind)
        {
            case AddressKind.V4: region = _regions.Find(v4); return true;
            case AddressKind.V6: return TryRegionOfV6(address, out region);
            default: region = _regions.Unknown; return kind == AddressKind.Name;
        }
    }

    private bool TryRegionOfV6(ReadOnlySpan<byte> text, out ushort region)
    {
        if (_v6Regions.TryGet(text, out region)) return true;
        if (LineAddress.ReadV6(text) is not { } address) return false;

        region = _regions.Find(address);
        _v6Regions.Add(text, region);
        return true;
    }

    private ushort Agent(ReadOnlySpan<byte> agent)
    {
        if (agent.Length > _maxAgentBytes) agent = agent[.._maxAgentBytes];
        if (_agentIds.TryGet(agent, out var id)) return id;

        id = _agents.Classify(agent);
        _agentIds.Add(agent, id);
        return id;
    }

    private ushort Source(ReadOnlySpan<byte> referrer)
    {
        var host = SourceClassifier.HostOf(referrer);
        if (host.IsEmpty) return _sources.Direct;
        if (host.Length > MaxHostBytes) host = host[^MaxHostBytes..];
        if (_hostSources.TryGet(host, out var source)) return source;

        source = _sources.Classify(host);
        _hostSources.Add(host, source);
        return source;
    }
}
