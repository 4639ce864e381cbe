using System.Text;

namespace Grains.Weblog.Traffic;

/// <summary>The agents of generated visitors, and of generated programs.</summary>
internal static class TrafficAgents
{
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ";
    private const string Mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/";
    private const string Linux = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ";
    private const string IPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ";
    private const string IPad = "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ";
    private const string Android = " AppleWebKit/537.36 (KHTML, like Gecko) ";

    private static readonly (double Weight, string Agent)[] Browsers =
    [
        (160, Windows + "Chrome/142.0.0.0 Safari/537.36"),
        (70, Windows + "Chrome/141.0.0.0 Safari/537.36"),
        (60, Windows + "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"),
        (25, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"),
        (8, Windows + "Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0"),
        (6, Windows + "Chrome/108.0.5359.95 Safari/537.36 QBCore/4.0.1326.400 QQBrowser/13.2.6134.400"),
        (4, Windows + "Chrome/116.0.0.0 Safari/537.36 SE 2.X MetaSr 1.0"),
        (4, Windows + "Chrome/142.0.0.0 Safari/537.36 Vivaldi/7.6.3797.63"),
        (6, Windows + "Chrome/140.0.0.0 YaBrowser/25.10.0.0 Safari/537.36"),
        (60, Mac + "537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
        (50, Mac + "605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"),
        (10, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0"),
        (22, Linux + "Chrome/142.0.0.0 Safari/537.36"),
        (16, "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"),
        (4, "Mozilla/5.0 (X11; Fedora; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"),
        (8, "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"),
        (90, "Mozilla/5.0 (Linux; Android 10; K)" + Android + "Chrome/142.0.0.0 Mobile Safari/537.36"),
        (14, "Mozilla/5.0 (Linux; Android 15; SM-S928B)" + Android + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
        (18, "Mozilla/5.0 (Linux; Android 14; 23127PN0CC Build/UKQ1.230804.001; wv)" + Android + "Version/4.0 Chrome/130.0.6723.103 Mobile Safari/537.36 XWEB/1300333 MMWEBSDK/20250201 MicroMessenger/8.0.57.2820(0x28003956) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64"),
        (8, "Mozilla/5.0 (Linux; U; Android 14; zh-cn; 2312DRA50C Build/UP1A.230905.011)" + Android + "Version/4.0 Chrome/119.0.6045.193 Mobile Safari/537.36 XiaoMi/MiuiBrowser/19.4.120513"),
        (7, "Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00; HMSCore 6.14.0.322)" + Android + "Chrome/114.0.5735.196 HuaweiBrowser/15.0.6.302 Mobile Safari/537.36"),
        (7, "Mozilla/5.0 (Linux; U; Android 13; zh-CN; V2183A Build/TP1A.220624.014)" + Android + "Version/4.0 Chrome/100.0.4896.58 UCBrowser/16.6.9.1317 Mobile Safari/537.36"),
        (5, "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0"),
        (3, "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A536B)" + Android + "OPR/92.0.0.0 Chrome/141.0.0.0 Mobile Safari/537.36"),
        (90, IPhone + "Version/18.6 Mobile/15E148 Safari/604.1"),
        (12, IPhone + "CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1"),
        (14, IPhone + "Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN"),
        (3, IPhone + "FxiOS/144.0 Mobile/15E148 Safari/605.1.15"),
        (3, IPhone + "EdgiOS/141.0.3537.92 Version/18.0 Mobile/15E148 Safari/604.1"),
        (16, IPad + "Version/18.6 Mobile/15E148 Safari/604.1"),
        (4, IPad + "CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1"),
        (8, "Mozilla/5.0 (Linux; Android 14; SM-X810)" + Android + "Chrome/142.0.0.0 Safari/537.36"),
        (3, "Mozilla/5.0 (Linux; Android 11; KFTRWI)" + Android + "Silk/140.4.1 like Chrome/140.0.7339.207 Safari/537.36"),
        (2, "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/7.0 TV Safari/537.36"),
        (2, "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 Safari/537.36 WebAppManager"),
        (1, "Mozilla/5.0 (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15"),
        (1, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"),
        (2, "-"),
    ];

    private static readonly (double Weight, string Agent)[] Programs =
    [
        (26, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        (22, "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"),
        (14, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36"),
        (8, "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)"),
        (6, "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)"),
        (6, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot"),
        (4, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"),
        (5, "curl/8.14.1"),
        (5, "python-requests/2.32.4"),
        (3, "Go-http-client/2.0"),
        (1, "Wget/1.25.0"),
    ];

    /// <summary>The agents of people.</summary>
    public static readonly byte[][] OfPeople = [.. Browsers.Select(browser => Encoding.ASCII.GetBytes(browser.Agent))];

    /// <summary>Their weights.</summary>
    public static readonly Shares People = new(Browsers.Select(browser => browser.Weight));

    /// <summary>The agents of crawlers, scripts and probes.</summary>
    public static readonly byte[][] OfPrograms = [.. Programs.Select(program => Encoding.ASCII.GetBytes(program.Agent))];

    /// <summary>Their weights.</summary>
    public static readonly Shares ProgramShares = new(Programs.Select(program => program.Weight));
}
