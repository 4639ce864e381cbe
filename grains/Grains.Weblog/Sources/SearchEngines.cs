namespace Grains.Weblog.Sources;

/// <summary>A search engine, by the hosts that its result pages are on.</summary>
/// <param name="Name">Its name in <c>CourseVocabulary.Sources</c>.</param>
/// <param name="Domains">Domains; with <c>.*</c> at the end, under any country's. Every host below them counts.</param>
/// <param name="OtherServices">Names below the domain that are not search: mail, documents, forums.</param>
internal sealed record SearchEngine(string Name, string[] Domains, string[] OtherServices);

/// <summary>The search engines that are told apart.</summary>
internal static class SearchEngines
{
    /// <summary>The table. A host belongs to the first engine that has it.</summary>
    public static readonly SearchEngine[] All =
    [
        new("baidu", ["baidu.com"], ["pan", "tieba", "zhidao", "baike", "wenku", "jingyan", "fanyi", "map"]),
        new("sogou", ["sogou.com"], ["pinyin", "fanyi"]),
        new("so", ["so.com", "haosou.com"], []),
        new("bing", ["bing.com"], []),
        new("google", ["google.*"], ["mail", "docs", "drive", "classroom", "accounts", "meet", "calendar", "sites", "groups", "play"]),
        new("yahoo", ["yahoo.*"], ["mail", "finance", "news", "sports"]),
        new("yandex", ["yandex.*", "ya.ru"], ["mail", "disk", "docs"]),
        new("duckduckgo", ["duckduckgo.com"], []),
        new("shenma", ["sm.cn"], []),
        new("naver", ["naver.com"], ["mail", "blog", "cafe"]),
        new("toutiao", ["toutiao.com"], []),
        new("ecosia", ["ecosia.org"], []),
        new("brave", ["search.brave.com"], []),
    ];
}
