using System.Text;
using Grains.Abstractions;
using Grains.Testing;
using Grains.Weblog.Agents;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class AgentClassifierTests
{
    private static readonly Lazy<AgentClassifier> Classifier = new(() => new(AgentRules.Load(BesideRepository.Shared("data/uap-core/regexes.yaml")), new CourseVocabulary()));

    [Theory]
    [InlineData("test_ua.yaml")]
    [InlineData("firefox_user_agent_strings.yaml")]
    [InlineData("opera_mini_user_agent_strings.yaml")]
    [InlineData("pgts_browser_list.yaml")]
    [InlineData("podcasting_user_agent_strings.yaml")]
    public void Browser_family_is_that_of_every_case_of_uap_core(string file) => AssertFamilies(file, agent => Classifier.Value.Families(agent, out _).Browser);

    [Theory]
    [InlineData("test_os.yaml")]
    [InlineData("additional_os_tests.yaml")]
    public void System_family_is_that_of_every_case_of_uap_core(string file) => AssertFamilies(file, agent => Classifier.Value.Families(agent, out _).System);

    [Fact]
    public void Device_family_is_that_of_every_case_of_uap_core() => AssertFamilies("test_device.yaml", agent => Classifier.Value.Families(agent, out _).Device);

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "desktop")]
    [InlineData("Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0; Touch; Tablet PC 2.0)", "desktop")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15", "desktop")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "desktop")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "mobile")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "mobile")]
    [InlineData("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063", "mobile")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "tablet")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-X810) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "tablet")]
    [InlineData("Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/7.0 TV Safari/537.36", "tv")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; BRAVIA 4K UR3) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "tv")]
    [InlineData("Mozilla/5.0 (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15", "console")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot")]
    [InlineData("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot")]
    [InlineData("curl/8.14.1", "bot")]
    [InlineData("kube-probe/1.34", "bot")]
    [InlineData("-", "unknown")]
    [InlineData("", "unknown")]
    [InlineData("x", "unknown")]
    public void Device_is_of_a_class(string agent, string deviceClass)
    {
        Classifier.Value.Families(agent, out var found);

        Assert.Equal(deviceClass, found);
    }

    [Fact]
    public void Prefilter_leaves_out_no_rule_that_would_match()
    {
        var rules = AgentRules.Load(BesideRepository.Shared("data/uap-core/regexes.yaml"));
        var agents = AgentCases.Load(BesideRepository.Shared("data/uap-core/test_ua.yaml")).Concat(AgentCases.Load(BesideRepository.Shared("data/uap-core/test_os.yaml"))).Select(c => c.Agent).Distinct().ToList();
        foreach (var (section, name) in ((IReadOnlyList<AgentRule>, string)[])[(rules.Browsers, "browser"), (rules.OperatingSystems, "system")])
        {
            foreach (var agent in agents)
            {
                var folded = agent.ToLowerInvariant();
                var left = section.Where(rule => rule.RequiredLiterals.Count > 0 && !rule.RequiredLiterals.Any(literal => folded.Contains(literal, StringComparison.Ordinal)));
                Assert.All(left, rule => Assert.True(rule.Family(agent) is null, $"{name} rule with literals {string.Join(", ", rule.RequiredLiterals)} matches {agent}"));
            }
        }
    }

    [Fact]
    public void Flood_of_made_up_families_ends_in_other_and_the_known_ones_stay()
    {
        var vocabulary = new CourseVocabulary();
        var classifier = new AgentClassifier(AgentRules.Load(BesideRepository.Shared("data/uap-core/regexes.yaml")), vocabulary);
        for (var i = 0; i < 3_000; i++) classifier.Classify(Encoding.ASCII.GetBytes($"Made{i}Up-iPad/1.0 CFNetwork"));

        var flooded = vocabulary.Agents[classifier.Classify("NeverSeen-iPad/1.0 CFNetwork"u8)];
        var known = vocabulary.Agents[classifier.Classify("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"u8)];

        Assert.Equal("other", vocabulary.Browsers[flooded.Browser]);
        Assert.Equal("Chrome", vocabulary.Browsers[known.Browser]);
    }

    private static void AssertFamilies(string file, Func<string, string> family)
    {
        var cases = AgentCases.Load(BesideRepository.Shared("data/uap-core/" + file));
        Assert.NotEmpty(cases);
        var wrong = cases.Where(c => family(c.Agent) != c.Family).Select(c => $"{c.Agent}: {family(c.Agent)}, not {c.Family}").ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Count} cases differ:\n" + string.Join('\n', wrong.Take(40)));
    }
}
