using Grains.Cli;
using Xunit;

namespace Grains.Tests.Unit.Cli;

public sealed class ExportCommandTests : IDisposable
{
    private const string MediaType = "text/tab-separated-values";
    private const string Unsorted = "2\t60\tviews\t\t1\n112\t60\tviews\t\t7\n112\t0\tviews\t\t9\n112\t60\tregion\tCN\t7\n112\t60\tclient\tÉ\t1\n112\t60\tclient\tZ\t6\n";
    private const string Sorted = "112\t0\tviews\t\t9\n112\t60\tclient\tZ\t6\n112\t60\tclient\tÉ\t1\n112\t60\tregion\tCN\t7\n112\t60\tviews\t\t7\n2\t60\tviews\t\t1\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("grains-test").FullName;

    private string File => Path.Combine(_folder, "export.tsv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Rows_come_out_sorted_byte_by_byte()
    {
        await using var server = await CannedServer.StartAsync(Unsorted, MediaType);
        var run = await server.RunAsync("export");

        Assert.Equal(new CommandRun(ExitCode.Success, Sorted, ""), run);
        Assert.Equal(["/v1/export?resolution=1m&dims=views,client,region"], server.Questions);
    }

    [Fact]
    public async Task A_file_is_written_as_a_whole_or_not_at_all()
    {
        await System.IO.File.WriteAllTextAsync(File, "old");
        await using (var broken = await CannedServer.StartAsync(Unsorted, MediaType, breaksOff: true))
        {
            var run = await broken.RunAsync("export", "--out", File);
            Assert.Equal((ExitCode.Unreachable, "old"), (run.ExitCode, await System.IO.File.ReadAllTextAsync(File)));
            Assert.Contains("broke off", run.Error, StringComparison.Ordinal);
        }

        await using var server = await CannedServer.StartAsync(Unsorted, MediaType);
        Assert.Equal(new CommandRun(ExitCode.Success, "", ""), await server.RunAsync("export", "--out", File, "--dims", "views"));
        Assert.Equal(Sorted, await System.IO.File.ReadAllTextAsync(File));
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Half_a_row_at_the_end_is_noticed()
    {
        await using var server = await CannedServer.StartAsync("112\t0\tvie", MediaType);
        var run = await server.RunAsync("export");

        Assert.Equal((ExitCode.Unreachable, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        await using var server = await CannedServer.StartAsync(Unsorted, MediaType);
        var path = Path.Combine(_folder, "nowhere", "export.tsv");
        var run = await server.RunAsync("export", "--out", path);

        Assert.Equal(ExitCode.Output, run.ExitCode);
        Assert.Contains(path, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_export_is_empty()
    {
        await using var server = await CannedServer.StartAsync("", MediaType);

        Assert.Equal(new CommandRun(ExitCode.Success, "", ""), await server.RunAsync("export"));
    }
}
