using Grains.Streams.Kafka;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>What the doctor finds at a real broker.</summary>
public sealed class DoctorTests(KafkaServer kafka)
{
    [Fact]
    public async Task Every_finding_names_what_it_saw_and_a_fault_its_cause_and_fix()
    {
        var topic = await kafka.NewTopicAsync(2);
        var options = TallySilo.Options(kafka.Bootstrap, topic);
        var expected = new Expected();
        using (var sender = new KafkaLineSender(options, key: null, TimeProvider.System))
        {
            var lines = string.Concat(Enumerable.Range(0, 50).Select(i => System.Text.Encoding.UTF8.GetString(expected.Record("k", i)) + "\r\n"));
            var told = new List<SendProgress>();
            var sent = await sender.SendAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lines)), new Told(told), TestContext.Current.CancellationToken);
            Assert.Equal((50L, 50L, (long)lines.Length - 100), (sent.Lines, sent.Kept, sent.Bytes));
            Assert.Equal(sent, told[^1]);
        }

        Assert.Equal(
            [(KafkaFindingSeverity.Well, "brokers"), (KafkaFindingSeverity.Well, "topic"), (KafkaFindingSeverity.Well, "group"), (KafkaFindingSeverity.Well, "offsets"), (KafkaFindingSeverity.Well, "offsets")],
            await ExamineAsync(options));

        await TallySilo.ReadOnceAsync(options, new MemorySnapshots());
        Assert.All(await ExamineAsync(options), finding => Assert.Equal(KafkaFindingSeverity.Well, finding.Severity));

        options.Topic = "no-such-topic";
        Assert.Equal([(KafkaFindingSeverity.Well, "brokers"), (KafkaFindingSeverity.Fault, "topic")], await ExamineAsync(options));
        options.BootstrapServers = "127.0.0.1:1";
        Assert.Equal([(KafkaFindingSeverity.Fault, "brokers")], await ExamineAsync(options));
        options.Group = "";
        Assert.Equal([(KafkaFindingSeverity.Fault, "settings")], await ExamineAsync(options));
    }

    private static async Task<List<(KafkaFindingSeverity Severity, string Subject)>> ExamineAsync(KafkaStreamOptions options)
    {
        var findings = await KafkaDoctor.ExamineAsync(options, TestContext.Current.CancellationToken);
        Assert.All(findings, finding => Assert.Equal(finding.Severity == KafkaFindingSeverity.Well, finding.Cause.Length == 0 && finding.Fix.Length == 0));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', findings));
        return [.. findings.Select(finding => (finding.Severity, finding.Subject))];
    }

    private sealed class Told(List<SendProgress> told) : IProgress<SendProgress>
    {
        public void Report(SendProgress value) => told.Add(value);
    }
}
