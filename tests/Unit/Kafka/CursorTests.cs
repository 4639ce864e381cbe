using Grains.Streams.Kafka.Consuming;
using Xunit;

namespace Grains.Tests.Unit.Kafka;

public sealed class CursorTests
{
    [Fact]
    public void Records_below_the_position_and_at_or_after_the_end_are_not_handed_on()
    {
        var cursor = new Cursor(next: 10, end: 13);
        Assert.Equal([false, true, true, true, false], new long[] { 9, 10, 11, 12, 13 }.Select(offset => cursor.Accepts(offset, 7)));
        Assert.Equal((13L, 3, 21L, true), (cursor.Next, cursor.Records, cursor.Bytes, cursor.Ended));
    }

    [Fact]
    public void The_end_is_found_behind_offsets_that_hold_no_record()
    {
        // A transaction's marker is the last offset, or the last records were compacted away.
        var cursor = new Cursor(next: 10, end: 15);
        Assert.True(cursor.Accepts(12, 1));
        Assert.False(cursor.Ended);
        cursor.NothingBelow(15);
        Assert.True(cursor.Ended);
        cursor.NothingBelow(14);
        Assert.Equal(15, cursor.Next);
    }

    [Fact]
    public void A_gap_is_passed_and_a_repeated_record_is_not()
    {
        var cursor = new Cursor(next: 0, end: long.MaxValue);
        Assert.Equal([true, true, false, true], new long[] { 0, 5, 5, 6 }.Select(offset => cursor.Accepts(offset, 1)));
    }
}
