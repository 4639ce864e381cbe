using System.Net;
using System.Net.Sockets;
using Grains.Cli;
using Xunit;

namespace Grains.Tests.Unit.Cli;

public sealed class FailureTests
{
    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_what_to_do()
    {
        var address = FreeAddress();
        var run = await CommandRun.OfAsync(address, isTerminal: false, "top");

        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"grains: No Grains server at {address}: nothing listens there.\nStart one (", run.Error, StringComparison.Ordinal);
        Assert.Contains("--server URL", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_option_is_stronger_than_the_environment()
    {
        await using var server = await CannedServer.StartAsync(Canned.Top);
        var run = await CommandRun.OfAsync(FreeAddress(), isTerminal: false, "top", "--server", server.Address);

        Assert.Equal(ExitCode.Success, run.ExitCode);
    }

    [Fact]
    public async Task An_unknown_course_has_an_exit_code_of_its_own()
    {
        await using var server = await CannedServer.StartAsync(Canned.UnknownCourse, "application/problem+json", 404);
        var run = await server.RunAsync("course", "113");

        Assert.Equal(new CommandRun(ExitCode.NotFound, "", "grains: Unknown course. No view of course '113' has been counted.\n"), run);
    }

    [Fact]
    public async Task Every_fault_that_the_server_finds_is_told()
    {
        await using var server = await CannedServer.StartAsync(
            """{"title":"The request has faults.","status":400,"errors":{"id":["Too long."],"top":["Too many."]}}""", "application/problem+json", 400);
        var run = await server.RunAsync("course", "113");

        Assert.Equal(new CommandRun(ExitCode.Refused, "", "grains: The request has faults. id: Too long. top: Too many.\n"), run);
    }

    [Theory]
    [InlineData("<html>", "text/html", 200, "does not answer like a Grains server")]
    [InlineData("<html>", "text/html", 502, "answered 502 and no more. Is it a Grains server?")]
    [InlineData("null", "application/json", 200, "does not answer like a Grains server")]
    public async Task Another_server_is_noticed(string body, string mediaType, int status, string message)
    {
        await using var server = await CannedServer.StartAsync(body, mediaType, status);
        var run = await server.RunAsync("top");

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'tpo' was not matched", "tpo")]
    [InlineData("'10m'", "top", "--window", "2h")]
    [InlineData("--count 1001 is not between 1 and 1000.", "top", "--count", "1001")]
    [InlineData("--server 'localhost:8080' is no address", "top", "--server", "localhost:8080")]
    [InlineData("--dims 'browser' is none of", "export", "--dims", "views,browser")]
    [InlineData("'1h'", "export", "--resolution", "1h")]
    [InlineData("add --json", "top", "--watch")]
    public async Task A_wrong_command_line_is_explained_beside_the_output(string message, params string[] arguments)
    {
        var run = await CommandRun.OfAsync("http://127.0.0.1:1", isTerminal: false, arguments);

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_address_in_the_environment_is_named()
    {
        var run = await CommandRun.OfAsync("nonsense", isTerminal: false, "status");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("GRAINS_SERVER 'nonsense' is no address", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_are_completed()
    {
        Assert.Equal("--watch\n--window\n", (await CommandRun.OfAsync(null, false, "[suggest:14]", "grains top --w")).Output.ReplaceLineEndings("\n"));
        Assert.Contains("complete -F _grains grains", (await CommandRun.OfAsync(null, false, "completion", "bash")).Output, StringComparison.Ordinal);
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
