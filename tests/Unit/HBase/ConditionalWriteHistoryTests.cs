using Grains.Testing.HBase.Faults;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>The checker of the fault campaign is itself checked: an honest history passes, and each planted lie is found.</summary>
public sealed class ConditionalWriteHistoryTests
{
    // Row 1: 10, then 20 (whose answer was lost), then 30. 21 and 31 lost their conditions.
    private static readonly ConditionalWrite[] Honest =
    [
        new(1, 1, 0, 10, true), new(1, 2, 10, 20, null), new(1, 2, 10, 21, false), new(1, 3, 20, 30, true), new(1, 3, 20, 31, false), new(2, 1, 0, 40, true), new(3, 1, 0, 50, null),
    ];

    private static readonly Dictionary<int, (long, long)> Stored = new() { [1] = (3, 30), [2] = (1, 40), [3] = (0, 0) };

    [Fact]
    public void An_honest_history_has_no_contradiction()
    {
        Assert.Empty(Contradictions(Honest, Stored));
        Assert.Equal((3, 2), (Of(Honest).Acknowledged, Of(Honest).Unknown));
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_have_been_done_last() => Assert.Empty(Contradictions(Honest, With(3, (1, 50))));

    [Fact]
    public void An_acknowledged_write_that_is_not_there_is_found() =>
        Assert.Contains("Row 1: acknowledged version 3 is not there; the last is 2.", Contradictions(Honest, With(1, (2, 20))));

    [Fact]
    public void A_row_that_is_gone_is_found() =>
        Assert.Contains("Row 2: acknowledged version 1 is not there; the last is 0.", Contradictions(Honest, With(2, (0, 0))));

    [Fact]
    public void A_version_that_two_have_won_is_found() =>
        Assert.Contains("Row 1 became version 3 2 times.", Contradictions([.. Honest, new(1, 3, 20, 32, true)], Stored));

    [Fact]
    public void A_last_version_that_another_has_is_found() =>
        Assert.Contains("Row 1: version 3 was acknowledged to 30, and 33 has it.", Contradictions(Honest, With(1, (3, 33))));

    [Fact]
    public void A_write_that_replaced_another_than_its_condition_named_is_found() =>
        Assert.Contains("Row 1: version 3 was won on the condition that 22 had written the version before, which it had not.", Contradictions([.. Honest[..3], new(1, 2, 10, 22, false), new(1, 3, 22, 30, true), .. Honest[4..]], Stored));

    [Fact]
    public void An_acknowledged_write_that_was_replaced_unseen_is_found() =>
        Assert.Contains("Row 2: version 2 was won on the condition that 41 had written the version before, which it had not.", Contradictions([.. Honest, new(2, 1, 0, 41, null), new(2, 2, 41, 42, true)], With(2, (2, 42))));

    [Fact]
    public void A_refused_write_that_was_done_all_the_same_is_found() =>
        Assert.Contains("Row 1 has been through version 4, which nobody wrote.", Contradictions([.. Honest, new(1, 4, 30, 34, false)], With(1, (4, 34))));

    private static IReadOnlyList<string> Contradictions(IEnumerable<ConditionalWrite> writes, Dictionary<int, (long, long)> final) => Of(writes).Contradictions(final);

    private static ConditionalWriteHistory Of(IEnumerable<ConditionalWrite> writes)
    {
        var history = new ConditionalWriteHistory();
        foreach (var write in writes) history.Add(write);
        return history;
    }

    private static Dictionary<int, (long, long)> With(int row, (long, long) stored) => new(Stored) { [row] = stored };
}
