using Grains.Storage.Postgres;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace Grains.Tests.Unit.Postgres;

/// <summary>What happens when a connection cannot be opened.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public async Task A_failure_is_repeated_at_once_until_the_delay_is_over()
    {
        // A port that nobody listens on.
        await using var connections = NpgsqlDataSource.Create("Host=127.0.0.1;Port=9;Username=x");
        var time = new FakeTimeProvider();
        await using var source = new GuardedDataSource(connections, TimeSpan.FromSeconds(1), time);

        var first = await Assert.ThrowsAsync<NotConnectedException>(() => source.OpenAsync(default).AsTask());
        time.Advance(TimeSpan.FromMilliseconds(999));
        var second = await Assert.ThrowsAsync<NotConnectedException>(() => source.OpenConnectionAsync(TestContext.Current.CancellationToken).AsTask());
        time.Advance(TimeSpan.FromMilliseconds(1));
        var third = await Assert.ThrowsAsync<NotConnectedException>(() => source.OpenAsync(default).AsTask());

        Assert.Same(first.InnerException, second.InnerException);
        Assert.NotSame(first.InnerException, third.InnerException);
    }
}
