using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Embedded;

/// <summary>A log counted to its end by one process, against the oracle: as it is, and through everything that happens to logs and processes.</summary>
public sealed class BatchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private const int Kills = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_equals_the_oracle()
    {
        var workload = await Workload.GetAsync();
        await File.WriteAllBytesAsync(_folder.File("access.log"), workload.Log, TestContext.Current.CancellationToken);

        await CountAsync();

        await AssertExportAsync(workload);
    }

    [Fact]
    public async Task Standard_input_is_counted_like_a_file()
    {
        var workload = await Workload.GetAsync();
        await using var silo = SiloProcess.Start(_folder.Path, ["--input", "-", "--once", "--export", "export.tsv", .. Workload.Options]);
        await silo.Input.WriteAsync(workload.Log, TestContext.Current.CancellationToken);
        silo.Input.Close();

        Assert.Equal(0, await silo.ExitAsync(Limit));

        await AssertExportAsync(workload);
    }

    [Fact]
    public async Task Export_equals_the_oracle_after_twenty_kills()
    {
        var workload = await Workload.GetAsync();
        await File.WriteAllBytesAsync(_folder.File("access.log"), workload.Log, TestContext.Current.CancellationToken);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        for (var killed = 0; killed < Kills;)
        {
            // Small polls and frequent snapshots, so that a kill falls into the middle of something.
            await using var silo = SiloProcess.Start(_folder.Path, ["--input", "access.log", "--once", "--export", "export.tsv", .. Workload.Options, .. InSmallSteps]);
            await Task.WhenAny(silo.ExitAsync(Limit), Task.Delay(TimeSpan.FromMilliseconds(random.Next(300, 1200)), TimeProvider.System, TestContext.Current.CancellationToken));
            if (!silo.HasExited)
            {
                await silo.KillAsync();
                killed++;
                continue;
            }

            // It came to the end before it could be killed: what it has must be right, and it begins anew.
            await AssertExportAsync(workload);
            Directory.Delete(_folder.File("data"), recursive: true);
        }

        await CountAsync();

        await AssertExportAsync(workload);
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_while_the_log_is_rotated_rewritten_and_appended()
    {
        var workload = await Workload.GetAsync();
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        await File.WriteAllBytesAsync(_folder.File("access.log"), [], TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.Start(_folder.Path, ["--input", "access.log", "--http", "0", .. Workload.Options]);
        using var api = await SiloApi.FindAsync(silo, Limit);

        var written = await new RestlessLog(_folder.File("access.log"), new Random(seed), api).WriteAsync(workload, TestContext.Current.CancellationToken);
        await api.WaitUntilReadAsync(written, Limit);
        await silo.InterruptAsync();
        Assert.Equal(0, await silo.ExitAsync(TimeSpan.FromSeconds(10)));

        await CountAsync();
        await AssertExportAsync(workload);
    }

    [Fact]
    public async Task Junk_is_refused_and_counted_and_what_is_good_between_it_is_kept()
    {
        var workload = await Workload.GetAsync();
        var random = new Random(7);
        await using (var log = File.Create(_folder.File("access.log")))
        {
            var count = 0;
            foreach (var line in workload.SplitLines())
            {
                log.Write(line.Span);
                log.WriteByte((byte)'\n');
                if (count++ % 2 == 0) WriteJunk(log, random);
            }

            log.Write(new byte[10_000_000]);
        }

        var (code, output, errors) = await SiloProcess.RunAsync(_folder.Path, Limit, ["--input", "access.log", "--once", "--export", "export.tsv", "--report", "json", .. Workload.Options]);

        Assert.True(code == 0, errors);
        Assert.Contains("\"refused\":100001", output, StringComparison.Ordinal);
        await AssertExportAsync(workload);
    }

    private static string[] InSmallSteps => ["--set", "Streams:MinPollBytes=16384", "--set", "Streams:MaxPollBytes=65536", "--set", "Cells:SnapshotInterval=00:00:00.1", "--set", "Streams:CommitInterval=00:00:00.1"];

    // One line of junk, with no line end in it and never a line of the workload.
    private static void WriteJunk(Stream log, Random random)
    {
        var junk = new byte[random.Next(1, 300)];
        random.NextBytes(junk);
        junk.AsSpan().Replace((byte)'\n', (byte)'x');
        junk.AsSpan().Replace((byte)'\r', (byte)'x');
        if (random.Next(4) == 0) junk.AsSpan().Clear();
        log.Write(junk);
        log.WriteByte((byte)'\n');
    }

    private async Task CountAsync()
    {
        var (code, _, errors) = await SiloProcess.RunAsync(_folder.Path, Limit, ["--input", "access.log", "--once", "--export", "export.tsv", .. Workload.Options]);
        Assert.True(code == 0, errors);
    }

    private async Task AssertExportAsync(Workload workload) => workload.AssertCounted(await File.ReadAllBytesAsync(_folder.File("export.tsv"), TestContext.Current.CancellationToken));
}
