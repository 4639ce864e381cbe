using Grains.Streams;
using Xunit;

namespace Grains.Tests.Unit.Streams.Simulation;

/// <summary>The exactly-once protocol under random schedules of faults, with the real pump, cells and snapshot writer; and each rule, taken out, is missed.</summary>
public sealed class ExactlyOnceSimulation
{
    private const int Seeds = 2500;
    private const int SeedsOfAnAblation = 400;

    public static TheoryData<string> Ablations => [.. Rules.Keys];

    private static Dictionary<string, Func<int, Task<string?>>> Rules { get; } = new()
    {
        ["rule 1: the epoch is checked"] = seed => Schedule.RunAsync(seed, new ProtocolRules { EpochIsChecked = false }),
        ["rule 2: what is applied is skipped"] = seed => Schedule.RunAsync(seed, new ProtocolRules { AppliedIsSkipped = false }),
        ["rule 3: a chunk is sent until it is answered"] = seed => Schedule.RunAsync(seed, new ProtocolRules { ResentUntilAnswered = false }),
        ["rule 4: a cell in doubt forgets"] = seed => Schedule.RunAsync(seed, new ProtocolRules { ForgetsAfterDoubt = false }),
        ["rule 4: a snapshot wins by compare-and-set"] = seed => Schedule.RunAsync(seed, comparesVersions: false),
        ["rule 5: only the durable is committed"] = seed => Schedule.RunAsync(seed, new ProtocolRules { CommitsTheDurable = false }),
        ["rule 5: what is deferred is not committed"] = seed => Schedule.RunAsync(seed, new ProtocolRules { DeferredHoldsCommit = false }),
        ["rule 6: the holder of the commit is nudged"] = seed => Schedule.RunAsync(seed, new ProtocolRules { Nudges = false }),
        ["rule 7: history comes after the snapshot"] = seed => Schedule.RunAsync(seed, new ProtocolRules { HistoryAfterSnapshot = false }),
        ["rule 7: the highest version wins in history"] = seed => Schedule.RunAsync(seed, highestVersionWins: false),
        ["rule 7: a late window is read first"] = seed => Schedule.RunAsync(seed, new ProtocolRules { LateWindowsAreRestored = false }),
    };

    [Fact]
    public async Task Every_event_counts_once_whatever_fails()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wrong = await Schedule.RunAsync(seed);
            Assert.True(wrong is null, $"seed {seed}: {wrong}");
        }
    }

    [Theory]
    [MemberData(nameof(Ablations))]
    public async Task Each_rule_is_needed(string rule)
    {
        for (var seed = 0; seed < SeedsOfAnAblation; seed++)
        {
            if (await Rules[rule](seed) is not null) return;
        }

        Assert.Fail($"Without '{rule}' nothing went wrong in {SeedsOfAnAblation} schedules.");
    }
}
