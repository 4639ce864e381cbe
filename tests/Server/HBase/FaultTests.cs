using Grains.Testing.HBase.Faults;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>Conditional writes while everything happens to HBase: what was acknowledged is there, nothing won twice, and the client goes on by itself.</summary>
/// <remarks>The long form, with times for each fault: <c>dotnet run -c Release --project tests/Benchmarks -- hbase-faults</c>.</remarks>
[Collection(RealHBaseCollection.Name)]
public sealed class FaultTests(RealHBase server, ITestOutputHelper output)
{
    [Fact]
    public async Task Acknowledged_conditional_writes_survive_moves_splits_and_killed_and_silent_servers()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        HBaseFault[] faults = [HBaseFault.RegionServerKilled, HBaseFault.MasterKilled(TimeSpan.FromSeconds(3)), HBaseFault.RegionServerStopped(TimeSpan.FromSeconds(8))];

        var result = await new FaultCampaign(server.Local, seed, output.WriteLine).RunAsync(faults);

        Assert.Empty(result.Contradictions);
        Assert.True(result.Acknowledged > 1000, $"only {result.Acknowledged} writes were acknowledged");
        Assert.True(result is { Moves: > 0, Splits: > 0 }, $"{result.Moves} moves, {result.Splits} splits");
    }
}
