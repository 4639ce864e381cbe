using Grains.Abstractions;
using Grains.Weblog.Agents;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class AgentClassifierTests
{
    private static readonly Lazy<AgentClassifier> Classifier = new(() => new(AgentRules.Load(Shared.Path("data/uap-core/regexes.yaml")), new CourseVocabulary()));

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

    private static void AssertFamilies(string file, Func<string, string> family)
    {
        var cases = AgentCases.Load(Shared.Path("data/uap-core/" + file));
        Assert.NotEmpty(cases);
        var wrong = cases.Where(c => family(c.Agent) != c.Family).Select(c => $"{c.Agent}: {family(c.Agent)}, not {c.Family}").ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Count} cases differ:\n" + string.Join('\n', wrong.Take(40)));
    }
}
