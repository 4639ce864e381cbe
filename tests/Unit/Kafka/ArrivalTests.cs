using Grains.Streams.Kafka.Consuming;
using Xunit;

namespace Grains.Tests.Unit.Kafka;

public sealed class ArrivalTests
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    [Fact]
    public async Task An_arrival_before_the_wait_is_not_missed_and_many_count_as_one()
    {
        using var arrival = new Arrival();
        for (var i = 0; i < 3; i++) arrival.Set();
        Assert.True(arrival.WaitAsync(Never, CancellationToken.None).AsTask().IsCompletedSuccessfully);

        var second = arrival.WaitAsync(Never, CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        arrival.Set();
        await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_wait_ends_by_itself_or_by_its_token()
    {
        using var arrival = new Arrival();
        await arrival.WaitAsync(TimeSpan.Zero, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waiting = arrival.WaitAsync(Never, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
