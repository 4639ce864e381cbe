using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Grains.Testing;
using Grains.Testing.HBase.Faults;
using Grains.Tests.Server.Embedded;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>A silo that keeps its states in HBase and reads a log that grows, while both die again and again: the export equals the oracle.</summary>
/// <remarks>The environment variable <c>GRAINS_FAULT_ROUNDS</c> makes it longer: that many rounds of faults, all of HBase away among them; by default one short round.</remarks>
[Collection(RealHBaseCollection.Name)]
public sealed class ExactlyOnceTests(RealHBase server, ITestOutputHelper output) : IDisposable
{
    private const int BusiestCourse = 1; // Of the workload.
    private const int Stranger = 990_001; // Not of the workload.
    private const long MaxResidentBytes = 700L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("GRAINS_FAULT_ROUNDS") ?? "0", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly string _namespace = $"once{Guid.NewGuid():N}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_equals_the_oracle_however_often_the_silo_and_HBase_die()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var workload = await Workload.GetAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        HBaseFault[] faults = Rounds == 0
            ? [HBaseFault.RegionServerKilled with { Lasts = TimeSpan.FromSeconds(8) }, HBaseFault.RegionServerStopped(TimeSpan.FromSeconds(10))]
            : [.. Enumerable.Repeat<HBaseFault[]>(
                [HBaseFault.RegionServerKilled with { Lasts = TimeSpan.FromSeconds(15) }, HBaseFault.RegionServerStopped(TimeSpan.FromSeconds(10)), HBaseFault.MasterKilled(TimeSpan.FromSeconds(5)), HBaseFault.AllAway(TimeSpan.FromSeconds(40))],
                Rounds).SelectMany(static round => round)];
        await File.WriteAllBytesAsync(Log, [], cancellationToken);
        await using var client = server.Connect();
        using var over = new CancellationTokenSource();

        // The log grows for about as long as the faults take.
        var growing = GrowingLog.AppendAsync(Log, workload, .., TimeSpan.FromSeconds(20 * faults.Length), cancellationToken);
        var killing = KillSilosAsync(new Random(seed), over.Token);
        RestlessRegions? regions = null;
        foreach (var fault in faults)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
            if (await client.Admin.GetTableStateAsync(Snapshots, cancellationToken) == TableState.Enabled)
            {
                regions ??= new RestlessRegions(client, Snapshots, static random => [(byte)random.Next(256), (byte)random.Next(256)], seed, TimeSpan.FromSeconds(3));
            }

            output.WriteLine(fault.Name);
            await HappenAsync(fault, seed, client);
        }

        await growing;
        await over.CancelAsync();
        var (kills, memory) = await killing;
        if (regions is not null) await regions.EndAsync();
        output.WriteLine($"{kills} silos killed, the largest had {memory >> 20} MB; {regions?.Moves} moves, {regions?.Splits} splits");
        await AssertExportAsync(workload);
        Assert.True(kills >= 3, $"only {kills} silos were killed");
        Assert.InRange(memory, 0, MaxResidentBytes);
    }

    [Fact]
    public async Task While_HBase_is_away_counting_goes_on_answers_say_how_long_they_have_waited_and_nothing_is_lost()
    {
        var away = TimeSpan.FromSeconds(Rounds == 0 ? 12 : 60);
        // Most courses are seen for the first time while HBase is away: their rows cannot be asked for, and the others must not wait for them.
        var workload = await Workload.MakeAsync(100_000, courses: 20_000, seed: 11);
        var cancellationToken = TestContext.Current.CancellationToken;
        await File.WriteAllBytesAsync(Log, [], cancellationToken);
        await using var silo = SiloProcess.Start(_folder.Path, [.. Arguments, "--http", "0", "--set", "Cells:ReadPatience=00:00:01"]);
        using var api = await SiloApi.FindAsync(silo, Limit);
        await GrowingLog.AppendAsync(Log, workload, ..(workload.Log.Length / 2), TimeSpan.FromSeconds(2), cancellationToken);
        await api.WaitUntilReadAsync(1, Limit);
        await WaitAsync(api, static (durable, _) => durable, "be durable");
        var before = await ViewsAsync(api);

        var fault = HBaseFault.AllAway(away);
        await fault.Inject(server.Local, "");
        var began = Stopwatch.GetTimestamp();
        await GrowingLog.AppendAsync(Log, workload, (workload.Log.Length / 2).., away, cancellationToken);
        var (durable, stale) = await AskAsync(api);
        var waited = Stopwatch.GetElapsedTime(began);
        var counted = await ViewsAsync(api) - before;
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => api.GetAsync($"/v1/courses/{Stranger}"));
        var memory = silo.ResidentBytes;
        await fault.Heal(server.Local, "");
        await EveryServerIsBackAsync();
        await WaitAsync(api, static (durable, _) => durable, "be durable again");
        output.WriteLine($"HBase away for {waited.TotalSeconds:0.0} s: {counted:N0} views counted meanwhile ({before:N0} before), staleness {stale:0.0} s, {memory >> 20} MB; durable again {(Stopwatch.GetElapsedTime(began) - waited).TotalSeconds:0.0} s after the servers were started, of which they took most");
        await silo.InterruptAsync();
        var code = await silo.ExitAsync(Limit);
        Assert.True(code == 0, $"The silo ended with {code}: {silo.Output}{silo.Errors}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        Assert.False(durable);
        // Both halves of the log have as many views. Those of courses that were not in memory wait: a third of them here.
        Assert.InRange(counted, before / 3, before);
        Assert.InRange(stale, waited.TotalSeconds - 3, waited.TotalSeconds + 3);
        Assert.InRange(memory, 0, MaxResidentBytes);
        await AssertExportAsync(workload);
    }

    private TableName Snapshots => $"{_namespace}:course_snapshots";

    private string Log => _folder.File("access.log");

    private string[] Arguments =>
    [
        "--input", "access.log", "--hbase", server.Masters!, "--set", $"HBase:Namespace={_namespace}", "--set", "HBase:Regions=4", "--set", "HBase:HistoryBuckets=4", .. Workload.Options,
        "--set", "Streams:MinPollBytes=16384", "--set", "Streams:MaxPollBytes=65536", "--set", "Cells:SnapshotInterval=00:00:00.3", "--set", "Streams:CommitInterval=00:00:00.3",
    ];

    // Starts silos, each after the last one's death, until told to stop.
    private async Task<(int Kills, long Memory)> KillSilosAsync(Random random, CancellationToken over)
    {
        var (kills, memory) = (0, 0L);
        while (!over.IsCancellationRequested)
        {
            await using var silo = SiloProcess.Start(_folder.Path, [.. Arguments, "--http", "0"]);
            await Task.WhenAny(silo.ExitAsync(Limit), Task.Delay(TimeSpan.FromMilliseconds(random.Next(2_000, 9_000)), TimeProvider.System, CancellationToken.None));
            Assert.False(silo.HasExited, $"A silo ended by itself: {silo.Output}{silo.Errors}");
            memory = Math.Max(memory, silo.ResidentBytes);
            await silo.KillAsync();
            kills++;
        }

        return (kills, memory);
    }

    private async Task HappenAsync(HBaseFault fault, int seed, HBaseClient client)
    {
        var victim = $"rs-{(seed & 1) + 1}";
        await fault.Inject(server.Local, victim);
        await Task.Delay(fault.Lasts!.Value, TimeProvider.System);
        await fault.Heal(server.Local, victim);
        await EveryServerIsBackAsync();
        await client.Admin.GetClusterStatusAsync();
    }

    private Task EveryServerIsBackAsync() => FaultCampaign.EveryServerIsBackAsync(server.Local, Limit);

    // Of the course that is asked for, whether all of it is durable, and how long something has waited to be.
    private static async Task<(bool Durable, double Staleness)> AskAsync(SiloApi api)
    {
        using var answer = JsonDocument.Parse(await api.GetAsync($"/v1/courses/{BusiestCourse}"));
        var asOf = answer.RootElement.GetProperty("asOf");
        return (asOf.GetProperty("durable").GetBoolean(), asOf.GetProperty("stalenessSeconds").GetDouble());
    }

    private static async Task<long> ViewsAsync(SiloApi api)
    {
        using var answer = JsonDocument.Parse(await api.GetAsync("/v1/courses?top=1&window=all"));
        return answer.RootElement.GetProperty("window").GetProperty("views").GetInt64();
    }

    private static async Task WaitAsync(SiloApi api, Func<bool, double, bool> until, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var (durable, staleness) = await AskAsync(api);
            if (until(durable, staleness)) return;
            if (Stopwatch.GetElapsedTime(began) > Limit) throw new TimeoutException($"The course did not come to {what} within {Limit}: durable {durable}, staleness {staleness} s; {await api.GetAsync("/v1/status")}");

            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    private async Task AssertExportAsync(Workload workload)
    {
        var (code, _, errors) = await SiloProcess.RunAsync(_folder.Path, Limit, [.. Arguments, "--once", "--export", "export.tsv"]);
        Assert.True(code == 0, errors);
        workload.AssertCounted(await File.ReadAllBytesAsync(_folder.File("export.tsv"), TestContext.Current.CancellationToken));
    }
}
