using System.Text;
using Grains.Abstractions;
using Grains.Weblog.Sources;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class SourceClassifierTests
{
    private readonly CourseVocabulary _vocabulary = new();

    [Theory]
    [InlineData("-", "direct")]
    [InlineData("", "direct")]
    [InlineData("_", "direct")]
    [InlineData("https://www.baidu.com/s?wd=spark", "baidu")]
    [InlineData("http://m.baidu.com", "baidu")]
    [InlineData("https://tieba.baidu.com/p/1", "referral")]
    [InlineData("https://notbaidu.com/", "referral")]
    [InlineData("https://baidu.com.evil.example/", "referral")]
    [InlineData("https://www.sogou.com/web?query=Spark SQL实战", "sogou")]
    [InlineData("https://www.so.com/s?q=x", "so")]
    [InlineData("http://cn.bing.com/search?q=x", "bing")]
    [InlineData("https://www.google.com/", "google")]
    [InlineData("https://www.google.co.uk/", "google")]
    [InlineData("https://google.de", "google")]
    [InlineData("https://www.google.com.hk:443/url?q=x", "google")]
    [InlineData("https://mail.google.com/mail/u/0", "referral")]
    [InlineData("https://google.evil.example/", "referral")]
    [InlineData("https://google.evil.co.uk/", "referral")]
    [InlineData("android-app://com.google.android.gm/", "referral")]
    [InlineData("https://search.yahoo.co.jp/search?p=x", "yahoo")]
    [InlineData("https://yandex.ru/search", "yandex")]
    [InlineData("https://duckduckgo.com/", "duckduckgo")]
    [InlineData("https://m.sm.cn/s?q=x", "shenma")]
    [InlineData("https://search.naver.com/", "naver")]
    [InlineData("https://so.toutiao.com/", "toutiao")]
    [InlineData("https://www.ecosia.org/search", "ecosia")]
    [InlineData("https://search.brave.com/", "brave")]
    [InlineData("https://WWW.Example.COM/course/list", "internal")]
    [InlineData("https://example.com.cn/", "referral")]
    [InlineData("https://github.com/x?u=https://www.baidu.com/", "referral")]
    [InlineData("www.baidu.com/s?wd=x", "baidu")]
    public void Referrer_says_what_sent_the_visitor(string referrer, string source)
    {
        var classifier = new SourceClassifier(["example.com"], _vocabulary);

        Assert.Equal(source, _vocabulary.Sources[classifier.Classify(SourceClassifier.HostOf(Encoding.UTF8.GetBytes(referrer)))]);
    }

    [Fact]
    public void Every_search_engine_of_the_vocabulary_has_a_host_and_every_host_an_engine_there()
    {
        var wellKnown = Enumerable.Range(1, _vocabulary.Sources.WellKnown - 1).Select(id => _vocabulary.Sources[id]).Except(["direct", "internal", "referral"]);

        Assert.Equal(wellKnown.Order(), SearchEngines.All.Select(engine => engine.Name).Order());
    }
}
