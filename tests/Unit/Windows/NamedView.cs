using Grains.Abstractions;

namespace Grains.Tests.Unit.Windows;

/// <summary>A view by names, which mean the same in every process.</summary>
internal readonly record struct NamedView(uint Time, string Browser, string Os, string Device, string Region, string Source)
{
    public CourseEvent In(CourseVocabulary vocabulary) => new(
        Time,
        vocabulary.Agents.Intern(new CourseAgent(vocabulary.Browsers.Intern(Browser), vocabulary.OperatingSystems.Intern(Os), vocabulary.Devices.Intern(Device))),
        vocabulary.Regions.Intern(Region),
        vocabulary.Sources.Intern(Source));

    /// <summary>One of some 5,000 views of a second: names that are well known, names that are not, and those that nothing has.</summary>
    public static NamedView Draw(uint time, Random random) => new(
        time,
        Pick(random, "Chrome", "Safari", "Firefox", "other", "Lynx", "Ünbekannt", "PostmanRuntime"),
        Pick(random, "Windows", "iOS", "BeOS", "other"),
        Pick(random, "desktop", "mobile", "unknown"),
        Pick(random, "CN", "DE", "ZZ", "LAN", "AA", "X-1", "other"),
        Pick(random, "direct", "baidu", "Gopher", "other"));

    private static string Pick(Random random, params ReadOnlySpan<string> names) => names[random.Next(names.Length)];
}
