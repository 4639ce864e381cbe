namespace Grains.Weblog;

/// <summary>How log lines are understood. The defaults fit a site that logs in the combined format and has its courses at <c>/class/{id}.html</c>.</summary>
public sealed class WeblogOptions
{
    /// <summary>The folder beside the program that the build puts the data files into.</summary>
    public const string DataFolder = "data-files";

    /// <summary>How lines are written. Default: found out from the lines of each source.</summary>
    public LogFormat Format { get; set; } = LogFormat.Auto;

    /// <summary>What the local times of <see cref="LogFormat.Tabbed"/> lines are ahead of UTC. Default 0. Wrong: all views of such lines are hours off. Combined lines carry their own.</summary>
    public TimeSpan LocalTimeOffset { get; set; }

    /// <summary>The longest line that is looked at, in bytes. Default 65,536. Too small: long requests are refused as <c>too_long</c>; larger only lets junk cost more.</summary>
    public int MaxLineBytes { get; set; } = 65_536;

    /// <summary>How far ahead of this machine's clock a line may be. Default 1 hour. Too small: a server whose clock is fast loses its views; too large: one wrong clock closes everyone's windows.</summary>
    public TimeSpan FutureTolerance { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Which requests are views.</summary>
    public CourseRule Course { get; set; } = new();

    /// <summary>Whether views by crawlers and other programs are skipped. Default false: they count, under the device class <c>bot</c>.</summary>
    public bool SkipBots { get; set; }

    /// <summary>The site's own hosts: a referrer on one of them, or below it, is <c>internal</c>. Default none, so that the site's own pages are <c>referral</c>.</summary>
    public IList<string> OwnHosts { get; set; } = [];

    /// <summary>The rules for browsers: <c>regexes.yaml</c> of uap-core. Default: the file that the build puts beside the program.</summary>
    public string AgentRulesFile { get; set; } = Path.Combine(AppContext.BaseDirectory, DataFolder, "regexes.yaml");

    /// <summary>The countries of addresses: a database in MaxMind's format with <c>country_code</c> or <c>country.iso_code</c>. Default: the file that the build puts beside the program.</summary>
    public string RegionDatabaseFile { get; set; } = Path.Combine(AppContext.BaseDirectory, DataFolder, "iptoasn-country.mmdb");

    /// <summary>How many distinct agents each source remembers. Default 10,000, some 3 MB. Too small: agents are classified again and again, at some 30 µs each.</summary>
    public int AgentCacheSize { get; set; } = 10_000;

    /// <summary>How much of an agent is looked at, in bytes. Default 1,024. Too small: browsers are taken for others; larger lets hostile agents cost more.</summary>
    public int MaxAgentBytes { get; set; } = 1_024;
}
