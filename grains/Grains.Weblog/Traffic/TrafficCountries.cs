using System.Text;

namespace Grains.Weblog.Traffic;

/// <summary>Where generated visitors come from: countries by weight, each with networks that are in use there, and the search engines that are used there.</summary>
internal static class TrafficCountries
{
    /// <summary>The search engines of most countries.</summary>
    private static readonly byte[][] World = Referrers(
        "https://www.google.com/search?q=", "https://www.google.com/search?q=", "https://www.google.com/search?q=", "https://www.google.com/search?q=", "https://www.bing.com/search?q=",
        "https://duckduckgo.com/?q=", "https://search.yahoo.com/search?p=", "https://search.brave.com/search?q=", "https://www.ecosia.org/search?q=");

    private static readonly byte[][] China = Referrers(
        "https://www.baidu.com/s?wd=", "https://www.baidu.com/s?wd=", "https://m.baidu.com/s?word=", "https://www.sogou.com/web?query=", "https://www.so.com/s?q=", "https://cn.bing.com/search?q=", "https://m.sm.cn/s?q=",
        "https://so.toutiao.com/search?keyword=");

    private static readonly byte[][] Russia = Referrers("https://yandex.ru/search/?text=", "https://yandex.ru/search/?text=", "https://www.google.ru/search?q=");

    private static readonly byte[][] Korea = Referrers("https://search.naver.com/search.naver?query=", "https://www.google.co.kr/search?q=");

    private static readonly byte[][] Japan = Referrers("https://www.google.co.jp/search?q=", "https://search.yahoo.co.jp/search?p=", "https://www.bing.com/search?q=");

    /// <summary>The countries. One in five visitors of a country that has an IPv6 network here comes by it.</summary>
    public static readonly TrafficCountry[] All =
    [
        new("CN", 380, ["36.160", "111.24", "117.136", "116.224", "123.112", "58.32", "180.160", "113.64"], ["2409:8a00", "240e:3b0"], China),
        new("US", 110, ["12.17", "24.16", "71.56", "98.200"], ["2600:1700", "2601:646"], World),
        new("IN", 70, ["117.224", "122.174", "157.42"], ["2405:201"], World),
        new("DE", 40, ["141.46", "91.34", "93.224"], ["2a02:810d", "2003:c0"], World),
        new("JP", 40, ["126.121", "153.189", "221.68"], ["2400:4050", "240b:10"], Japan),
        new("GB", 30, ["86.160", "81.128", "109.144"], ["2a00:23c4"], World),
        new("FR", 25, ["176.160", "92.160", "90.32", "86.209"], ["2a01:cb00"], World),
        new("BR", 25, ["179.149", "191.189", "179.218"], [], World),
        new("KR", 25, ["211.212", "175.224", "121.160", "14.64"], ["2001:2d8"], Korea),
        new("CA", 20, ["99.232", "142.28", "70.74"], ["2607:fea8"], World),
        new("RU", 20, ["95.28", "178.68", "176.212"], [], Russia),
        new("NL", 15, ["84.80", "77.168"], [], World),
        new("AU", 15, ["1.140", "101.176", "49.188"], [], World),
        new("IT", 15, ["151.44", "79.32", "93.52"], [], World),
        new("ES", 14, ["88.16", "83.48", "90.168"], [], World),
        new("TW", 14, ["120.112", "140.124", "220.136"], ["2001:b011"], World),
        new("HK", 12, ["223.18", "221.126", "219.78"], [], World),
        new("SG", 10, ["116.14", "175.156"], [], World),
        new("ID", 10, ["36.80", "114.120", "182.8"], [], World),
        new("VN", 10, ["171.240", "113.176", "14.240"], [], World),
        new("PL", 9, ["83.16", "89.72", "79.188"], [], World),
        new("SE", 8, ["95.200", "90.232", "81.232"], [], World),
        new("TR", 8, ["88.240", "78.176"], [], World),
        new("MX", 8, ["189.229"], [], World),
        new("TH", 7, ["171.100", "223.206"], [], World),
        new("MY", 7, ["175.141", "60.51"], [], World),
        new("UA", 7, ["176.38", "37.54"], [], World),
        new("CH", 6, ["178.196", "85.4"], [], World),
        new("AR", 5, ["186.133", "181.26"], [], World),
        new("ZA", 5, ["197.88", "105.219"], [], World),
        new("EG", 4, ["156.192", "197.48"], [], World),
        new("NG", 4, ["105.120", "102.92"], [], World),
        new("PH", 4, ["180.193", "124.106"], [], World),
        new("IL", 4, ["132.71", "176.230"], [], World),
        new("CZ", 4, ["90.180", "88.102"], [], World),
        new("PK", 4, ["39.48", "182.184"], [], World),
        new("BD", 3, ["114.130"], [], World),
        new("FI", 3, ["91.156", "88.194"], [], World),
        new("NO", 3, ["88.92", "84.212"], [], World),
        new("PT", 3, ["85.244", "188.82"], [], World),
        new("NZ", 3, ["118.92", "121.72"], [], World),
        new("CL", 2, ["191.116", "190.162"], [], World),
        new("CO", 2, ["181.144", "191.152"], [], World),
        new("KE", 2, ["196.105", "41.90"], [], World),
        new("AE", 2, ["94.204", "92.98"], [], World),
        // The office.
        new("LAN", 8, ["10.0", "192.168"], [], World),
    ];

    private static byte[][] Referrers(params string[] engines) => [.. engines.Select(Encoding.ASCII.GetBytes)];
}

/// <summary>A country of generated visitors.</summary>
/// <param name="Code">ISO 3166-1, or LAN.</param>
/// <param name="Weight">Its share among the weights of all.</param>
/// <param name="V4">The first two numbers of IPv4 networks.</param>
/// <param name="V6">The first 32 bits of IPv6 networks.</param>
/// <param name="Engines">What a referrer from a search begins with; the words follow.</param>
internal sealed record TrafficCountry(string Code, double Weight, string[] V4, string[] V6, byte[][] Engines)
{
    public byte[][] V4Bytes { get; } = [.. V4.Select(Encoding.ASCII.GetBytes)];

    public byte[][] V6Bytes { get; } = [.. V6.Select(Encoding.ASCII.GetBytes)];
}
