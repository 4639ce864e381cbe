using System.Text.RegularExpressions;
using Grains.Cli;
using Xunit;

namespace Grains.Tests.Unit.Cli;

public sealed class QuestionTests
{
    [Fact]
    public async Task Top_is_plain_columns_for_the_next_program()
    {
        await using var server = await CannedServer.StartAsync(Canned.Top);
        var run = await server.RunAsync("top", "--window", "10m", "-n", "7");

        Assert.Equal(new CommandRun(ExitCode.Success, "112\t1234\nedX+Demo\t600\n", ""), run);
        Assert.Equal(["/v1/courses?top=7&window=10m"], server.Questions);
    }

    [Fact]
    public async Task Top_is_a_table_with_bars_for_a_person()
    {
        await using var server = await CannedServer.StartAsync(Canned.Top);
        var run = await server.RunInTerminalAsync("top");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^2,000 views this hour since \d\d:\d\d, 5 courses", run.Output);
        Assert.Matches(@"1 112      █{52} 1,234 61\.7%", run.Output);
        Assert.Matches(@"2 edX\+Demo █{25}▎ +600 30\.0%", run.Output);
    }

    [Fact]
    public async Task A_course_is_plain_columns_for_the_next_program()
    {
        await using var server = await CannedServer.StartAsync(Canned.Course);
        var run = await server.RunAsync("course", "edX+Demo", "--window", "1d", "--top", "3");

        Assert.Equal(
            "views\t1s\t1\nviews\t1m\t20\nviews\t10m\t300\nviews\t1h\t1000\nviews\t1d\t5000\nviews\tall\t123456\n"
            + "client\tChrome\t750\nclient\tEvil·[31m·\t200\nregion\tCN\t1000\nsource\tdirect\t1000\nos\tWindows\t1000\ndevice\tdesktop\t1000\n",
            run.Output);
        Assert.StartsWith("/v1/courses/edX%2BDemo?window=1d&top=3&points=60&resolution=1m&tz=", server.Questions.Single(), StringComparison.Ordinal);
        Assert.Matches("tz=(%2B|-)[0-9]{2}%3A[0-9]{2}$", server.Questions.Single());
    }

    [Fact]
    public async Task A_course_is_numbers_a_line_and_lists_for_a_person()
    {
        await using var server = await CannedServer.StartAsync(Canned.Course);
        var run = await server.RunInTerminalAsync("course", "112");

        Assert.Matches("second +minute +10 minutes +hour +today +all time", run.Output);
        Assert.Matches("1 +20 +300 +1,000 +5,000 +123,456", run.Output);
        Assert.Contains("▁▄█▂", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"Chrome +█{14} 750 75\.0%", run.Output);
        Assert.Matches(@"others +50 +5\.0%", run.Output);
        Assert.Contains("durable as of 1.5 s ago, 2 late", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0007', run.Output);
    }

    [Fact]
    public async Task The_status_is_names_and_values_for_the_next_program()
    {
        await using var server = await CannedServer.StartAsync(Canned.Status);
        var run = await server.RunAsync("status");

        Assert.Equal(
            "records\t1000\nkept\t800\nskipped\t150\nskipped.method\t50\nskipped.status\t100\nrefused\t50\nrefused.no time\t50\nrecordsPerSecond\t12.3\ncourses\t5\nsilos\t1\nmissingSilos\t0\n"
            + "eventTime\t2026-11-23T10:15:32.0000000+00:00\nlag.access.log.0\t5120\ndurableLag.access.log.0\t100\n",
            run.Output);
    }

    [Fact]
    public async Task The_status_tells_a_person_why()
    {
        await using var server = await CannedServer.StartAsync(Canned.Status);
        var run = await server.RunInTerminalAsync("status");

        Assert.Matches("skipped +150 +status 100, method 50", run.Output);
        Assert.Matches(@"access\.log 0 +behind 5\.1 kB +not yet durable 100 B, at 1,000", run.Output);
    }

    [Theory]
    [InlineData("top", Canned.Top)]
    [InlineData("status", Canned.Status)]
    public async Task Json_is_the_servers_answer(string command, string answer)
    {
        await using var server = await CannedServer.StartAsync(answer);

        Assert.Equal(answer + "\n", (await server.RunInTerminalAsync(command, "--json")).Output);
    }

    [Fact]
    public async Task Watching_prints_an_object_a_line_until_the_server_ends()
    {
        var overview = $$"""{"top":{{Canned.Top}},"status":{{Canned.Status}}}""";
        await using var server = await CannedServer.StartAsync($"event: overview\ndata: {overview}\n\nevent: alive\ndata: \n\nevent: overview\ndata: {overview}\n\n", "text/event-stream");
        var run = await server.RunAsync("top", "--watch", "--json");

        Assert.Equal($"{overview}\n{overview}\n", run.Output);
        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        Assert.Equal(["/v1/live?top=20&window=1h"], server.Questions);
    }

    [Fact]
    public async Task Watching_draws_in_a_terminal()
    {
        var overview = $$"""{"top":{{Canned.Top}},"status":{{Canned.Status}}}""";
        await using var server = await CannedServer.StartAsync($"event: overview\ndata: {overview}\n\n", "text/event-stream");
        var run = await server.RunInTerminalAsync("top", "--watch");

        Assert.Contains("12 lines/s, 1,000 read, 50 refused, behind 5.1 kB", run.Output, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(run.Output, "edX"));
    }
}
