using System.Text;
using Grains.Cli;
using Grains.Weblog;
using Xunit;

namespace Grains.Tests.Unit.Cli;

public sealed class SendCommandTests
{
    // Port 1: nobody listens there.
    private const string Nobody = "127.0.0.1:1";

    [Theory]
    [InlineData("Option '--kafka' is required.", "send", "-", "--topic", "t")]
    [InlineData("Option '--topic' is required.", "send", "-", "--kafka", Nobody)]
    [InlineData("Required argument 'FILE' missing", "send", "--kafka", Nobody, "--topic", "t")]
    [InlineData("--kafka 'localhost' is no HOST:PORT", "send", "-", "--kafka", "localhost", "--topic", "t")]
    [InlineData("--kafka 'b:0' is no HOST:PORT", "send", "-", "--kafka", "a:9092,b:0", "--topic", "t")]
    [InlineData("'region'", "send", "-", "--kafka", Nobody, "--topic", "t", "--key", "region")]
    [InlineData("Topic is 'a b'; the brokers allow letters", "send", "-", "--kafka", Nobody, "--topic", "a b")]
    public async Task A_wrong_command_line_is_explained_and_nothing_is_sent(string message, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(null, isTerminal: false, arguments);

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_before_anything_is_sent()
    {
        var run = await CommandRun.OfAsync(null, isTerminal: false, "send", "-", "/nowhere/access.log", "--kafka", Nobody, "--topic", "t");

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Matches("^grains: /nowhere/access.log cannot be read: .* Nothing was sent.\n$", run.Error);
    }

    [Fact]
    public async Task Brokers_that_are_away_are_told_with_what_to_do()
    {
        var run = await CommandRun.OfAsync(null, isTerminal: false, "send", "-", "--kafka", Nobody, "--topic", "t");

        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"grains: None of {Nobody} answers: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nCheck that Kafka runs and that BootstrapServers and Security.Transport are those of its listener.\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] \"GET /class/112.html HTTP/1.1\" 200 2326 \"-\" \"Mozilla/5.0\"", "112")]
    [InlineData("1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] \"GET /class/edX+Demo.html?a=b HTTP/1.1\" 200 2326", "edX+Demo")]
    [InlineData("1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] \"GET /index.html HTTP/1.1\" 200 2326 \"-\" \"Mozilla/5.0\"", "")]
    [InlineData("1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] \"GET /class/112.html HTTP/1.1\" 404 2326 \"-\" \"Mozilla/5.0\"", "")]
    [InlineData("nonsense", "")]
    [InlineData("", "")]
    public void The_course_of_a_line_is_found_without_data_files(string line, string course)
    {
        Assert.Equal(course, Encoding.UTF8.GetString(new CourseFinder(new WeblogOptions()).Find(Encoding.UTF8.GetBytes(line))));
    }
}
