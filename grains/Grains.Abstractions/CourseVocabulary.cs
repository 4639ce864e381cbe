namespace Grains.Abstractions;

/// <summary>The names that views are counted by, one table a dimension. One instance a process.</summary>
/// <remarks>The well-known names are part of the stored format: append, never reorder, never reuse.</remarks>
public sealed class CourseVocabulary
{
    /// <summary>Families of browsers, by uap-core's names.</summary>
    public Vocabulary Browsers { get; } = new(1024,
        "Other", "Chrome", "Chrome Mobile", "Mobile Safari", "Safari", "Edge", "Firefox", "Samsung Internet", "Opera", "Chrome Mobile WebView", "Chrome Mobile iOS", "Mobile Safari UI/WKWebView",
        "Firefox Mobile", "Firefox iOS", "Edge Mobile", "Opera Mobile", "Opera Mini", "IE", "IE Mobile", "Android", "QQ Browser", "QQ Browser Mobile", "UC Browser", "Sogou Explorer", "360 Browser",
        "WeChat", "MiuiBrowser", "HuaweiBrowser", "Yandex Browser", "Vivaldi", "Brave", "DuckDuckGo", "Whale", "Chromium", "HeadlessChrome", "Electron", "Facebook", "Instagram", "Google", "Pinterest",
        "Googlebot", "bingbot", "Baiduspider", "YandexBot", "Sogou web spider", "Applebot", "GPTBot", "curl", "Wget", "Python Requests", "Apache-HttpClient", "okhttp", "Go-http-client", "Java", "PostmanRuntime");

    /// <summary>Families of operating systems, by uap-core's names.</summary>
    public Vocabulary OperatingSystems { get; } = new(512,
        "Other", "Windows", "Mac OS X", "iOS", "Android", "Linux", "Chrome OS", "Ubuntu", "Fedora", "Debian", "Tizen", "KaiOS", "HarmonyOS", "Windows Phone", "FreeBSD");

    /// <summary>Classes of devices.</summary>
    public Vocabulary Devices { get; } = new(16, "desktop", "mobile", "tablet", "tv", "console", "bot", "unknown");

    /// <summary>ISO 3166-1 alpha-2 codes in upper case. ZZ where the address is in no country's range, LAN where it is private. Room for every pair of letters.</summary>
    public Vocabulary Regions { get; } = new(1024, [.. CountryCodes()]);

    /// <summary>What sent the visitor: a search engine, <c>direct</c> (no referrer), <c>internal</c> (the site itself), or <c>referral</c> (another site).</summary>
    public Vocabulary Sources { get; } = new(256, "direct", "internal", "referral", "baidu", "sogou", "so", "bing", "google", "yahoo", "yandex", "duckduckgo", "shenma", "naver", "toutiao", "ecosia", "brave");

    /// <summary>The agents seen: triples of the first three tables.</summary>
    public AgentTable Agents { get; } = new(16_384);

    private static IEnumerable<string> CountryCodes()
    {
        yield return "LAN";
        for (var first = 'A'; first <= 'Z'; first++)
        {
            for (var second = 'A'; second <= 'Z'; second++) yield return $"{first}{second}";
        }
    }
}
