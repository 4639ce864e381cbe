using Grains.Cli;
using Grains.Streams;
using Grains.Streams.Kafka;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Brokers that ask for a password, and that are away when the silo starts.</summary>
public sealed class PasswordTests(KafkaServer kafka)
{
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
        await Lines.SendAsync(options, expected);
        options.Security.Mechanism = KafkaSaslMechanism.Plain;
        await Lines.SendAsync(options, expected);
        await silo.UntilAsync(() => TallySilo.Tallies(silo.Storage).GetValueOrDefault("k") == expected.Tallies["k"], expected.Tallies["k"]);
        Assert.True(silo.Log.Has(EventIds.BrokerBack));
        Assert.Equal(1, silo.Log.Count(EventIds.BrokerAway));

        options.Security.Password = "wrong-secret";
        var failure = await Assert.ThrowsAsync<SourceException>(() => Lines.SendAsync(options, new Expected()));
        Assert.Contains("uthentication", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", failure.ToString(), StringComparison.Ordinal);

        var findings = await KafkaDoctor.ExamineAsync(options, TestContext.Current.CancellationToken);
        Assert.Contains(findings, finding => finding is { Severity: KafkaFindingSeverity.Fault, Subject: "brokers" } && finding.Fix.Contains("password", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ScramSha512")]
    [InlineData("Plain")]
    public async Task The_command_line_is_told_of_a_user_as_a_silo_is(string mechanism)
    {
        await using var brokers = await OwnBrokers.StartAsync(kafka.Script, "--port", "29592", "--sasl", "alice:secret");
        await brokers.TopicAsync("sasl", 2, 1);
        string[] where = ["--kafka", brokers.Bootstrap, "--topic", "sasl", "--set", "Kafka:Security:Transport=SaslPlaintext", "--set", $"Kafka:Security:Mechanism={mechanism}", "--set", "kafka:security:username=alice"];
        string[] asked = ["doctor", .. where];

        var (code, text, told) = await RunAsync("secret", asked);
        Assert.Equal((ExitCode.Success, ""), (code, told));
        Assert.StartsWith("ok\tbrokers\t1 answer: ", text, StringComparison.Ordinal);
        Assert.Contains("ok\ttopic\t'sasl' has 2 partitions", text, StringComparison.Ordinal);

        // The command line goes before the environment.
        (code, text, told) = await RunAsync("secret", [.. asked, "--set", "Kafka:Security:Password=wrong-secret"]);
        Assert.Equal((ExitCode.Usage, ""), (code, told));
        Assert.StartsWith("fail\tbrokers\tThey refuse the user: ", text, StringComparison.Ordinal);
        Assert.EndsWith($"\tCheck user name and password, and that the brokers have the user for {mechanism}.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);

        (code, _, told) = await RunAsync("secret", ["send", "-", .. where], "one\ntwo\n");
        Assert.Equal(ExitCode.Success, code);
        Assert.StartsWith("2 lines, ", told, StringComparison.Ordinal);
        (code, _, told) = await RunAsync("wrong-secret", ["send", "-", .. where], "one\n");
        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Contains("They refuse the user: ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Told)> RunAsync(string password, string[] arguments, string input = "")
    {
        using var lines = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input));
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var code = await GrainsCommand.RunAsync(
            arguments,
            new Surroundings(output, error, IsTerminal: false, Server: null, Variable: name => name == "Grains__Kafka__Security__Password" ? password : null, Input: lines),
            TestContext.Current.CancellationToken);
        return (code, System.Text.Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
