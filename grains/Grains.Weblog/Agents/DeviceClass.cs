using System.Buffers;

namespace Grains.Weblog.Agents;

/// <summary>The class of a device, by what uap-core's rules say of an agent and by the words that makers put there for it.</summary>
internal static class DeviceClass
{
    public const string Desktop = "desktop";
    public const string Mobile = "mobile";
    public const string Tablet = "tablet";
    public const string Tv = "tv";
    public const string Console = "console";
    public const string Bot = "bot";
    public const string Unknown = "unknown";

    // uap-core files crawlers under the device "Spider", but not the programs and libraries that fetch pages.
    private static readonly HashSet<string> Programs = new(StringComparer.Ordinal)
    {
        "curl", "Wget", "Python Requests", "Python-urllib", "aiohttp", "Python aiohttp", "Go-http-client", "Java", "Apache-HttpClient", "okhttp", "PostmanRuntime", "HeadlessChrome", "PhantomJS",
        "Ruby", "libwww-perl", "axios", "node-fetch", "Jakarta Commons-HttpClient", "Restsharp", "HTTPie", "undici",
    };

    private static readonly SearchValues<string> BotWords = SearchValues.Create(["bot/", "bot;", "bot)", "crawler", "spider", "headless", "zgrab", "kube-probe", "healthcheck"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> TvWords = SearchValues.Create(
        ["smarttv", "smart-tv", "smart tv", "hbbtv", "appletv", "apple tv", "googletv", "google tv", "android tv", "bravia", "aftb", "aftt", "aftm", "afts", "roku", "crkey", "web0s", "webos.tv", "netcast", "tizen tv", "viera", "mibox", "mitv"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> ConsoleWords = SearchValues.Create(["playstation", "xbox", "nintendo"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> TabletWords = SearchValues.Create(["ipad", "tablet", "kindle", "playbook", "silk/", "sm-t", "nexus 7", "nexus 9", "nexus 10"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> MobileWords = SearchValues.Create(
        ["mobile", "iphone", "ipod", "windows phone", "iemobile", "blackberry", "bb10", "symbian", "opera mini", "opera mobi", "kaios", "midp", "phone"], StringComparison.OrdinalIgnoreCase);

    private static readonly HashSet<string> DesktopSystems = new(StringComparer.Ordinal)
    {
        "Windows", "Mac OS X", "Mac OS", "Linux", "Ubuntu", "Fedora", "Debian", "Chrome OS", "FreeBSD", "OpenBSD", "NetBSD", "Solaris", "Red Hat", "CentOS", "SUSE", "Gentoo", "Arch Linux", "Mandriva", "Kubuntu",
        "Slackware", "Puppy", "PCLinuxOS", "VectorLinux", "BackTrack", "Mageia", "Linux Mint",
    };

    /// <summary>The class. Order matters: a television says Android, a tablet says Mobile, a crawler says whatever it likes.</summary>
    public static string Of(ReadOnlySpan<char> agent, string browser, string system, string device)
    {
        if (device == "Spider" || Programs.Contains(browser) || agent.ContainsAny(BotWords)) return Bot;
        if (agent.ContainsAny(ConsoleWords)) return Console;
        if (agent.ContainsAny(TvWords) || system is "tvOS" or "ATV OS X") return Tv;
        // Windows says "Tablet PC" of any machine with a pen; a Windows phone says Phone.
        if (system == "Windows" && !agent.Contains("phone", StringComparison.OrdinalIgnoreCase)) return Desktop;
        if (agent.ContainsAny(TabletWords)) return Tablet;
        if (agent.ContainsAny(MobileWords)) return Mobile;
        if (system is "Android" or "HarmonyOS") return Tablet;

        return DesktopSystems.Contains(system) ? Desktop : Unknown;
    }
}
