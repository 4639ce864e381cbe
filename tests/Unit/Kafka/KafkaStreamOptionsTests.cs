using Grains.Streams.Kafka;
using Xunit;

namespace Grains.Tests.Unit.Kafka;

public sealed class KafkaStreamOptionsTests
{
    [Fact]
    public void Defaults_with_brokers_topic_and_group_have_no_fault() => Assert.Empty(Sound().Faults());

    [Fact]
    public void All_faults_are_told_at_once_each_with_the_topic_the_setting_and_its_rule()
    {
        var options = new KafkaStreamOptions
        {
            Topic = "a b",
            InstanceId = " ",
            SessionTimeout = TimeSpan.Zero,
            MemoryBytes = 5,
            FetchWait = TimeSpan.Zero,
            FetchRest = TimeSpan.FromMinutes(1),
            MaxRecordBytes = 10,
            ReleaseTimeout = TimeSpan.FromMinutes(5),
            RetryDelay = TimeSpan.Zero,
            TopicCheckInterval = TimeSpan.Zero,
            DeadLetterTopic = "a b",
            GroupProtocol = (KafkaGroupProtocol)9,
            StartAt = (KafkaStart)9,
        };
        var faults = options.Faults().ToList();
        Assert.All(faults, fault => Assert.StartsWith("KafkaStreamOptions 'a b': ", fault, StringComparison.Ordinal));
        foreach (var setting in new[]
        {
            "BootstrapServers", "Topic ", "Group ", "GroupProtocol", "InstanceId", "StartAt", "SessionTimeout", "MemoryBytes", "FetchWait", "FetchRest", "MaxRecordBytes", "ReleaseTimeout", "RetryDelay",
            "TopicCheckInterval", "DeadLetterTopic a", "DeadLetterTopic is 'a b', the topic itself",
        })
        {
            Assert.Single(faults, fault => fault["KafkaStreamOptions 'a b': ".Length..].StartsWith(setting.Replace("Topic a", "Topic is 'a b'; the brokers", StringComparison.Ordinal), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("enable.auto.commit")]
    [InlineData("isolation.level")]
    [InlineData("auto.offset.reset")]
    [InlineData("queued.max.messages.kbytes")]
    public void What_exactness_rests_on_cannot_be_set_past_this_library(string name)
    {
        var options = Sound();
        options.Client[name] = "x";
        Assert.Contains(name, Assert.Single(options.Faults()), StringComparison.Ordinal);
        Assert.Contains(name, Assert.Throws<ArgumentException>(options.ThrowIfFaulty).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KafkaTransport.SaslTls, null, null, "UserName", "Password")]
    [InlineData(KafkaTransport.SaslPlaintext, "u", null, "Password")]
    [InlineData(KafkaTransport.Plaintext, "u", null, "no effect with Plaintext")]
    [InlineData(KafkaTransport.SaslTls, "u", "p")]
    public void A_user_is_asked_for_where_it_counts_and_refused_where_it_would_be_ignored(KafkaTransport transport, string? user, string? password, params string[] expected)
    {
        var options = Sound();
        options.Security = new KafkaSecurityOptions { Transport = transport, UserName = user, Password = password };
        Assert.Equal(expected.Length, options.Faults().Count());
        Assert.All(expected, part => Assert.Contains(options.Faults(), fault => fault.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void Certificates_are_looked_for_and_belong_together()
    {
        var options = Sound();
        options.Security = new KafkaSecurityOptions { Transport = KafkaTransport.Tls, CertificateFile = "/no/such/file" };
        Assert.Equal(2, options.Faults().Count());
        options.Security.Transport = KafkaTransport.Plaintext;
        Assert.Equal(3, options.Faults().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("ä")]
    public void Names_that_no_broker_takes_are_faults(string topic)
    {
        var options = Sound();
        options.Topic = topic;
        Assert.Single(options.Faults());
        options.Topic = new string('x', 249);
        Assert.Empty(options.Faults());
        options.Topic += "x";
        Assert.Single(options.Faults());
    }

    internal static KafkaStreamOptions Sound() => new() { BootstrapServers = "127.0.0.1:9092", Topic = "access_log", Group = "grains" };
}
