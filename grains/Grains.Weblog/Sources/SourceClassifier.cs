using System.Text;
using Grains.Abstractions;

namespace Grains.Weblog.Sources;

/// <summary>Referrer → what sent the visitor, an id of <see cref="CourseVocabulary.Sources"/>. Shared by all parsers of a process; immutable.</summary>
internal sealed class SourceClassifier
{
    private const string AnyCountry = ".*";

    private readonly List<(string Domain, SearchEngine Engine)> _domains = [];
    private readonly string[] _ownHosts;
    private readonly CourseVocabulary _vocabulary;
    private readonly ushort _internal;
    private readonly ushort _referral;

    public SourceClassifier(IEnumerable<string> ownHosts, CourseVocabulary vocabulary)
    {
        foreach (var engine in SearchEngines.All) _domains.AddRange(engine.Domains.Select(domain => (domain, engine)));
        _ownHosts = [.. ownHosts.Select(host => host.ToLowerInvariant())];
        _vocabulary = vocabulary;
        Direct = vocabulary.Sources.Intern("direct");
        _internal = vocabulary.Sources.Intern("internal");
        _referral = vocabulary.Sources.Intern("referral");
    }

    /// <summary>The source of a line without a referrer.</summary>
    public ushort Direct { get; }

    /// <summary>The host in a referrer: what stands between <c>://</c> and the path, without user and port. Empty where there is none, as in <c>-</c>.</summary>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    public static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> referrer)
    {
        if (referrer.StartsWith("https://"u8)) referrer = referrer[8..];
        else if (referrer.StartsWith("http://"u8)) referrer = referrer[7..];
        else if (referrer.IndexOf("://"u8) is var scheme and >= 0) referrer = referrer[(scheme + 3)..];
        // Tutorials write _ as well as - for nothing.
        else if (referrer is [] or [(byte)'-' or (byte)'_']) return [];

        var end = referrer.IndexOfAny("/?#:"u8);
        return end < 0 ? referrer : referrer[..end];
    }

    /// <summary>The source that a host stands for.</summary>
    /// <remarks>Runs once per distinct host and parser, which keeps the answer.</remarks>
    public ushort Classify(ReadOnlySpan<byte> utf8Host)
    {
        if (utf8Host.IsEmpty) return Direct;

        var host = Encoding.UTF8.GetString(utf8Host).ToLowerInvariant();
        if (Array.Exists(_ownHosts, own => IsBelow(host, own))) return _internal;

        foreach (var (domain, engine) in _domains)
        {
            if (Subdomain(host, domain) is { } below) return Array.Exists(engine.OtherServices, service => IsBelow(below, service)) ? _referral : _vocabulary.Sources.Intern(engine.Name);
        }

        return _referral;
    }

    /// <summary>What stands before <paramref name="domain"/> in <paramref name="host"/>, empty if nothing does; null if the host is not below the domain.</summary>
    private static string? Subdomain(string host, string domain)
    {
        if (!domain.EndsWith(AnyCountry, StringComparison.Ordinal)) return IsBelow(host, domain) ? Before(host, host.Length - domain.Length) : null;

        // google.*: the label, and behind it one or two short ones: google.de, google.co.uk, google.com.hk.
        var labels = host.Split('.');
        var at = Array.LastIndexOf(labels, domain[..^AnyCountry.Length]);
        var behind = labels.Length - at - 1;
        if (at < 0 || behind is < 1 or > 2 || labels[^1].Length is < 2 or > 3 || (behind == 2 && labels[^2] is not ("com" or "co" or "net" or "org"))) return null;

        return string.Join('.', labels.Take(at));
    }

    private static string Before(string host, int length) => host[..length].TrimEnd('.');

    private static bool IsBelow(string host, string domain) =>
        host.EndsWith(domain, StringComparison.Ordinal) && (host.Length == domain.Length || host[host.Length - domain.Length - 1] == '.');
}
