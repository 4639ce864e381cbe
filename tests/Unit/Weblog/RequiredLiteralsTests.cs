using Grains.Weblog.Agents;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class RequiredLiteralsTests
{
    [Theory]
    [InlineData(@"(GeoEvent Server) (\d+)", "geoevent server ")]
    [InlineData(@"com.esri.(earth)\.phone/(\d+)", "earth.phone/")]
    [InlineData(@"(Firefox|Chrome)/(\d+)", "firefox/|chrome/")]
    [InlineData(@"[Bb]ai[Dd]u[Ss]pider", "baiduspider")]
    [InlineData(@"(?:Pale)?[Mm]oon/(\d+)", "palemoon/|moon/")]
    [InlineData(@"Opera (?:Mini|Mobi){1,2}/", "opera ")]
    [InlineData(@"abc(?:def)*ghijk", "ghijk")]
    [InlineData(@"abcdef(?:x|)gh", "abcdefxgh|abcdefgh")]
    [InlineData(@"^Sogou\+?Spider$", "sogou+spider|sogouspider")]
    [InlineData(@"\bYeti\b", "yeti")]
    public void Literals_are_those_that_every_match_contains(string pattern, string literals) => Assert.Equal(literals.Split('|'), RequiredLiterals.Of(pattern));

    [Theory]
    [InlineData(@"(\d+)\.(\d+)")]
    [InlineData("ab")]
    [InlineData("(?i)firefox")]
    [InlineData("(?=firefox)")]
    [InlineData("(?:firefox)?")]
    [InlineData("(?:firefox|)")]
    [InlineData("(?:firefox){0,3}")]
    [InlineData("firefox|ab")]
    [InlineData("(firefox")]
    [InlineData("firefox)")]
    [InlineData("[firefox]")]
    [InlineData(@"firefox\1")]
    [InlineData("")]
    public void Without_any_to_rely_on_the_rule_is_always_tried(string pattern) => Assert.Empty(RequiredLiterals.Of(pattern));
}
