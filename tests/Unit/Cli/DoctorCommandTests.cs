using Grains.Cli;
using Xunit;

namespace Grains.Tests.Unit.Cli;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Without_options_the_silo_is_examined()
    {
        await using var server = await CannedServer.StartAsync(Canned.Status);
        var run = await server.RunAsync("doctor");

        Assert.Equal(new CommandRun(ExitCode.Success, $"ok\tsilo\t{server.Address} has read 1,000 lines, 50 refused\nok\tsource\taccess.log 0: behind 5.1 kB, not yet durable 100 B\n", ""), run);
        Assert.Equal(["/v1/status"], server.Questions);
    }

    [Fact]
    public async Task A_silo_that_refuses_most_lines_is_worth_a_look_and_no_fault()
    {
        await using var server = await CannedServer.StartAsync(Canned.Status.Replace("\"refused\":{\"total\":50", "\"refused\":{\"total\":501", StringComparison.Ordinal));
        var run = await server.RunAsync("doctor");

        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.StartsWith($"warn\tsilo\t{server.Address} has read 1,000 lines, 501 refused\tMost lines are not understood", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_is_not_there_is_a_finding_with_cause_and_fix()
    {
        var run = await CommandRun.OfAsync("http://127.0.0.1:1", isTerminal: false, "doctor");

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("fail\tsilo\tNo Grains server at http://127.0.0.1:1: nothing listens there.\tNo silo runs there, or it is starting or stopping.\tStart one (", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Brokers_and_masters_that_are_away_are_two_findings()
    {
        var run = await CommandRun.OfAsync("http://127.0.0.1:1", isTerminal: false, "doctor", "--kafka", "127.0.0.1:1", "--topic", "t", "--hbase", "127.0.0.1:2");

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Error));
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("fail\tbrokers\tNone of 127.0.0.1:1 answers: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("fail\thbase\tGetClusterStatus failed", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(5, line.Split('\t').Length));
    }

    [Fact]
    public async Task On_a_terminal_cause_and_fix_stand_below()
    {
        var run = await CommandRun.OfAsync("http://127.0.0.1:1", isTerminal: true, "doctor");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Matches(@"^fail +silo +No Grains server", run.Output);
        Assert.Contains("No silo runs there, or it is starting or stopping.", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--kafka and --topic go together", "doctor", "--kafka", "localhost:9092")]
    [InlineData("--kafka and --topic go together", "doctor", "--topic", "t")]
    [InlineData("--kafka 'x' is no HOST:PORT", "doctor", "--kafka", "x", "--topic", "t")]
    [InlineData("--set says how the brokers are spoken to, and there are none", "doctor", "--set", "Kafka:Security:Transport=Tls")]
    [InlineData("--set Kafka:Topic is no setting of the brokers'", "doctor", "--kafka", "localhost:9092", "--topic", "t", "--set", "Kafka:Topic=t")]
    [InlineData("--set Kafka:Security:1 is no setting of the brokers'", "doctor", "--kafka", "localhost:9092", "--topic", "t", "--set", "Kafka:Security:1=Plain")]
    [InlineData("Kafka:Security:Transport is 'Sasl'; it must be one of Plaintext, Tls, SaslPlaintext, SaslTls.", "doctor", "--kafka", "localhost:9092", "--topic", "t", "--set", "Kafka:Security:Transport=Sasl")]
    [InlineData("Security.AuthorityFile is '/no/such.pem'; there is no such file.", "doctor", "--kafka", "localhost:9092", "--topic", "t", "--set", "Kafka:Security:Transport=Tls", "--set", "Kafka:Security:AuthorityFile=/no/such.pem")]
    [InlineData("Security.Password is empty; SaslTls needs a password.", "doctor", "--kafka", "localhost:9092", "--topic", "t", "--set", "Kafka:Security:Transport=SaslTls", "--set", "Kafka:Security:UserName=alice")]
    public async Task A_wrong_command_line_is_explained(string message, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(null, isTerminal: false, arguments);

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_masters_that_is_none_is_explained()
    {
        var run = await CommandRun.OfAsync(null, isTerminal: false, "doctor", "--hbase", "a:b:c");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("fail\thbase\t", run.Output, StringComparison.Ordinal);
    }
}
