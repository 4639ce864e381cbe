using Grains.Abstractions;
using Grains.Weblog;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class WeblogOptionsValidatorTests
{
    private readonly WeblogOptionsValidator _validator = new();

    [Fact]
    public void Defaults_are_valid() => Assert.True(_validator.Validate(null, new()).Succeeded);

    [Fact]
    public void All_faults_are_told_at_once_each_with_its_setting_value_and_default()
    {
        var faults = _validator.Validate(null, new()
        {
            Format = (LogFormat)9,
            LocalTimeOffset = TimeSpan.FromHours(15),
            MaxLineBytes = 0,
            FutureTolerance = TimeSpan.FromSeconds(-1),
            AgentCacheSize = 0,
            MaxAgentBytes = 1,
            AgentRulesFile = " ",
            RegionDatabaseFile = "",
            OwnHosts = ["https://example.com/"],
            Course = new() { Methods = [], MinStatus = 0, MaxStatus = -1, Path = "/class/112.html" },
        }).Failures!.ToList();

        Assert.Equal(13, faults.Count);
        Assert.Contains("Weblog: MaxLineBytes is 0; it must be between 256 and 16,777,216 (default 65,536).", faults);
    }

    [Theory]
    [InlineData("/class/{id}/{id}")]
    [InlineData("class/{id}")]
    [InlineData("/class/{id}?x")]
    [InlineData("/class {id}")]
    [InlineData("")]
    public void Path_of_a_course_has_the_id_once(string path) => Assert.Single(_validator.Validate(null, new() { Course = new() { Path = path } }).Failures!);

    [Theory]
    [InlineData("nothing-here.yaml", "The browser rules")]
    public void File_that_is_missing_is_named(string file, string message)
    {
        var fault = Assert.Throws<WeblogDataException>(() => new LogLineParserFactory(new() { AgentRulesFile = file }, new CourseVocabulary(), TimeProvider.System));

        Assert.StartsWith($"{message} '{file}' cannot be used: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello: [")]
    [InlineData("hello: there")]
    [InlineData("user_agent_parsers:\n  - regex: '('\nos_parsers:\n  - regex: 'a'\ndevice_parsers:\n  - regex: 'a'\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("")]
    public void File_that_is_none_of_its_kind_is_refused_when_it_is_loaded(string content)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content);
            Assert.Throws<WeblogDataException>(() => new LogLineParserFactory(new() { AgentRulesFile = file }, new CourseVocabulary(), TimeProvider.System));
            using var rules = new TestParsers();
            Assert.Throws<WeblogDataException>(() => new TestParsers(options => options.RegionDatabaseFile = file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
