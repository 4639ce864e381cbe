using Grains.Streams;
using Grains.Streams.Kafka;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Brokers that ask for a password, and that are away when the silo starts.</summary>
public sealed class PasswordTests(KafkaServer kafka)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_password_is_asked_for_and_brokers_may_come_after_the_silo()
    {
        await using var brokers = await OwnBrokers.StartAsync(kafka.Script, "--port", "29900", "--sasl", "alice:secret");
        await brokers.TopicAsync("sasl", 1, 1);
        await brokers.DoAsync("stop");

        var options = TallySilo.Options(brokers.Bootstrap, "sasl");
        options.Security = new KafkaSecurityOptions { Transport = KafkaTransport.SaslPlaintext, UserName = "alice", Password = "secret" };
        await using var silo = TallySilo.Start(options);
        await silo.UntilAsync(() => silo.Log.Has(EventIds.BrokerAway), "A word that the broker is away");
        await brokers.DoAsync("start");

        var expected = new Expected();
        await SendAsync(options, expected, KafkaSaslMechanism.ScramSha512);
        await SendAsync(options, expected, KafkaSaslMechanism.Plain);
        await silo.UntilAsync(() => TallySilo.Tallies(silo.Storage).GetValueOrDefault("k") == expected.Tallies["k"], expected.Tallies["k"]);
        Assert.True(silo.Log.Has(EventIds.BrokerBack));
        Assert.Equal(1, silo.Log.Count(EventIds.BrokerAway));

        options.Security.Password = "wrong-secret";
        var failure = await Assert.ThrowsAsync<SourceException>(() => SendAsync(options, expected, KafkaSaslMechanism.Plain));
        Assert.Contains("uthentication", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", failure.ToString(), StringComparison.Ordinal);

        var findings = await KafkaDoctor.ExamineAsync(options, TestContext.Current.CancellationToken);
        Assert.Contains(findings, finding => finding is { Severity: KafkaFindingSeverity.Fault, Subject: "brokers" } && finding.Fix.Contains("password", StringComparison.Ordinal));
    }

    private static async Task SendAsync(KafkaStreamOptions options, Expected expected, KafkaSaslMechanism mechanism)
    {
        options.Security.Mechanism = mechanism;
        using var sender = new KafkaLineSender(options, key: null, TimeProvider.System);
        var text = string.Join('\n', Enumerable.Range(0, 100).Select(i => System.Text.Encoding.UTF8.GetString(options.Security.Password == "wrong-secret" ? Tally.Record("k", i) : expected.Record("k", i))));
        var sent = await sender.SendAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), null, CancellationToken.None).WaitAsync(Limit);
        Assert.Equal(100, sent.Kept);
    }
}
